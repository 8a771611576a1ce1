import fc from "fast-check";
import * as assert from "uvu/assert";
import type { WatchMessage } from "../../src/lifecycle/api.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

suite("watch", (s) => {
  let world: InProcess;
  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  s.afterEach(() => world.close());

  const take = async (count: number, afterRevision?: number): Promise<WatchMessage[]> => {
    const stop = new AbortController();
    const messages: WatchMessage[] = [];
    for await (const message of world.sessions.watch({ afterRevision }, stop.signal)) {
      messages.push(message);
      if (messages.length === count) stop.abort();
    }
    return messages;
  };
  const head = () => world.deps.book.revisions().head;
  const busy = async (hooks: number) => {
    const view = await world.sessions.spawn(spawnRequest());
    const agent = playAgent(world, view);
    await agent.start();
    for (let n = 0; n < hooks; n += 1) await agent.hook(n % 2 ? "turn-end" : "prompt", { prompt: "x" });
    return agent;
  };

  s.test("begins with a snapshot and its end", async () => {
    await busy(2);
    await world.sessions.spawn(spawnRequest());
    const messages = await take(3);
    assert.equal(
      messages.map((message) => message.type),
      ["snapshot", "snapshot", "snapshot_end"],
    );
    assert.ok(messages.every((message) => message.revision === head()));
  });

  s.test("an empty house has an empty snapshot", async () => {
    assert.equal(await take(1), [{ type: "snapshot_end", revision: 0, epoch: "" }]);
  });

  s.test("resumes after a revision with every change, once, in order", async () => {
    await busy(6);
    const all = await take(head(), 0);
    assert.equal(
      all.map((message) => message.revision),
      Array.from({ length: head() }, (_, n) => n + 1),
    );
    const statuses = all.flatMap((message) => ("view" in message ? [message.view.status] : []));
    assert.equal(statuses.slice(-4), ["working", "idle", "working", "idle"]);
  });

  s.test("tells of a removal by id", async () => {
    const agent = await busy(0);
    await agent.exit({ exitCode: 0 });
    const before = head();
    await world.sessions.remove("shop-1");
    const [removed] = await take(1, before);
    assert.is(removed?.type, "removed");
    assert.is(removed?.type === "removed" && removed.sessionId, "shop-1");
  });

  s.test("refuses a revision from the future", async () => {
    await rejects(take(1, 99), "REVISION_IN_FUTURE");
  });

  s.test("refuses a revision of another history, and names the oldest of this one", async () => {
    await busy(2);
    const other = { afterRevision: 1, afterEpoch: "e0" };
    const first = world.sessions.watch(other, new AbortController().signal)[Symbol.asyncIterator]().next();
    const error = await rejects(first, "REVISION_COMPACTED");
    assert.equal(error.metadata.oldest, 1);
  });

  s.test("refuses a revision that was compacted, and names the oldest", async () => {
    await busy(20);
    await world.deps.book.compact({ before: world.clock.now() + 1, keepChanges: 3, keepSignals: 3 });
    const error = await rejects(take(1, 1), "REVISION_COMPACTED");
    assert.is(error.metadata.oldest, world.deps.book.revisions().oldest);
    assert.ok(world.deps.book.revisions().oldest > 2);
  });

  s.test(
    "wherever a client leaves and returns, across restarts too, it sees each revision exactly once",
    async () => {
      await busy(12);
      const last = head();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ count: fc.integer({ min: 1, max: 5 }), restart: fc.boolean() }), {
            maxLength: 8,
          }),
          async (visits) => {
            const seen: number[] = [];
            for (const visit of visits) {
              const from = seen.at(-1) ?? 0;
              if (from >= last) break;
              if (visit.restart) world = await world.restart();
              const messages = await take(Math.min(visit.count, last - from), from);
              seen.push(...messages.map((message) => message.revision));
            }
            assert.equal(
              seen,
              Array.from({ length: seen.length }, (_, n) => n + 1),
            );
          },
        ),
        { numRuns: 30 },
      );
    },
  );

  s.test("says every 15 s that it lives and up to where it told everything", async () => {
    await busy(2);
    const first = head();
    const told: string[] = [];
    const stop = new AbortController();
    const ended = (async () => {
      for await (const { type, revision } of world.sessions.watch({}, stop.signal))
        told.push(`${type} ${revision - first}`);
    })();
    await eventually(() => told.length === 2, { what: "the snapshot" });
    world.clock.advance(14_999);
    await world.sessions.update("shop-1", { name: "one" });
    await eventually(() => told.length === 3, { what: "the change" });
    world.clock.advance(1);
    await eventually(() => told.length === 4, { what: "the first progress" });
    world.clock.advance(15_000);
    await eventually(() => told.length === 5, { what: "the second progress" });
    stop.abort();
    await ended;
    assert.equal(told, ["snapshot 0", "snapshot_end 0", "changed 1", "progress 1", "progress 1"]);
  });

  s.test(
    "a filtered watch that others keep busy moves on too, and resumes at revisions it was not shown",
    async () => {
      await world.projects.add({ path: "/repos/web", id: "", defaultBranch: "", defaultHarness: "" });
      await world.sessions.spawn(spawnRequest());
      await world.sessions.spawn(spawnRequest({ projectId: "web" }));
      const stop = new AbortController();
      const told: WatchMessage[] = [];
      const ended = (async () => {
        for await (const message of world.sessions.watch({ projectId: "web" }, stop.signal))
          told.push(message);
      })();
      await eventually(() => told.length === 2, { what: "the snapshot" });
      for (let n = 0; n < 20; n += 1) {
        world.clock.advance(1000);
        await world.sessions.update("shop-1", { name: `name-${n}` });
      }
      const progress = await eventually(() => told[2], { what: "progress" });
      stop.abort();
      await ended;
      assert.is(progress.type, "progress");
      assert.ok(progress.revision > (told[1]?.revision ?? 0));
      await world.sessions.update("web-1", { name: "seen" });
      const resumed: WatchMessage[] = [];
      const again = new AbortController();
      const options = { projectId: "web", afterRevision: progress.revision };
      for await (const message of world.sessions.watch(options, again.signal)) {
        resumed.push(message);
        again.abort();
      }
      assert.equal(
        resumed.map((message) => "view" in message && message.view.session.name),
        ["seen"],
      );
    },
  );

  s.test("time alone that changes a status is a change too", async () => {
    const agent = await busy(1);
    const before = head();
    world.clock.advance(121_000);
    const [message] = await take(1, before);
    assert.is(message && "view" in message && message.view.status, "unverified");
    await agent.hook("tool-start", { toolName: "Bash" });
    assert.is((await world.sessions.get("shop-1")).status, "working");
  });
});
