import * as assert from "uvu/assert";
import { type ResumedWatchUpdate, type WatchOptions, watchSessions } from "../../src/client/watch.ts";
import type { AoError } from "../../src/core/errors.ts";
import { createFakeApp } from "../server/fake-app.ts";
import { type RunningServer, startServer } from "../server/running-server.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";

/** A watch that runs until the block ends. */
function follow(running: RunningServer, options: WatchOptions = {}) {
  const controller = new AbortController();
  const seen: ResumedWatchUpdate[] = [];
  const ended = (async () => {
    for await (const update of watchSessions(running.client.sessions, options, controller.signal)) {
      seen.push(update);
    }
  })().catch((error: Error) => error);
  return {
    seen,
    ended,
    revisions: () =>
      seen.filter(({ type }) => type === "changed").map((update) => "revision" in update && update.revision),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await ended;
    },
  };
}

suite("client/watch", ({ test }) => {
  test("every change arrives exactly once across many restarts of the server", async () => {
    await using running = await startServer();
    await using watch = follow(running);
    await eventually(() => watch.seen.some(({ type }) => type === "snapshot_end"), { what: "the snapshot" });
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 20; n++) running.app.change("web-1");
      const before = running.app.changes.length;
      await eventually(() => Number(watch.revisions().at(-1)) >= before - 10, { what: "a part of them" });
      const restarted = running.restart();
      for (let n = 0; n < 20; n++) running.app.change("web-2");
      await restarted;
      for (let n = 0; n < 20; n++) running.app.change("web-3");
    }
    const head = running.app.changes.length;
    await eventually(() => watch.revisions().at(-1) === head, { what: "the last change" });
    assert.equal(
      watch.revisions(),
      Array.from({ length: head - 3 }, (_, n) => n + 4),
    );
    assert.is(watch.seen.filter(({ type }) => type === "snapshot_end").length, 1);
    assert.not.ok(watch.seen.some(({ type }) => type === "reset"));
  });

  test("it tells each time the daemon is lost", async () => {
    await using running = await startServer();
    const lost: string[] = [];
    await using watch = follow(running, { onDisconnect: ({ reason }) => lost.push(reason) });
    await eventually(() => watch.seen.length > 0, { what: "the snapshot" });
    await running.restart();
    running.app.change("web-1");
    await eventually(() => watch.revisions().length === 1, { what: "the change" });
    assert.ok(lost.length > 0);
    assert.ok(
      lost.every((reason) => reason === "DAEMON_STOPPING" || reason === "DAEMON_UNREACHABLE"),
      `${lost}`,
    );
  });

  test("it resumes after the revision it is given, without a snapshot", async () => {
    await using running = await startServer();
    running.app.change("web-2");
    await using watch = follow(running, { afterRevision: 2 });
    await eventually(() => watch.seen.length === 2, { what: "two changes" });
    assert.equal(watch.revisions(), [3, 4]);
  });

  for (const [reason, prepare, afterRevision] of [
    ["REVISION_COMPACTED", (app: ReturnType<typeof createFakeApp>) => app.compactBefore(3), 1],
    ["REVISION_IN_FUTURE", () => {}, 99],
  ] as const) {
    test(`after ${reason} it says so and starts over with a snapshot`, async () => {
      const app = createFakeApp();
      prepare(app);
      await using running = await startServer(app);
      await using watch = follow(running, { afterRevision });
      await eventually(() => watch.seen.some(({ type }) => type === "snapshot_end"), {
        what: "the snapshot",
      });
      assert.equal(watch.seen[0], { type: "reset", reason });
      assert.equal(
        watch.seen.slice(1).map(({ type }) => type),
        ["snapshot", "snapshot", "snapshot", "snapshot_end"],
      );
    });
  }

  test("a daemon that comes back with another history is found out by the epoch, though its revisions are higher", async () => {
    const before = createFakeApp();
    const after = createFakeApp({ epoch: "e2" });
    for (let n = 0; n < 5; n++) after.change("web-1");
    await using running = await startServer(before);
    await using watch = follow(running);
    await eventually(() => watch.seen.length === 4, { what: "the snapshot" });
    before.change("web-1");
    await eventually(() => watch.seen.length === 5, { what: "the change" });
    await running.restart(after);
    await eventually(() => watch.seen.length >= 10, { what: "a new snapshot" });
    assert.equal(watch.seen[5], { type: "reset", reason: "REVISION_COMPACTED" });
    assert.equal(
      watch.seen.slice(6, 10).map(({ type }) => type),
      ["snapshot", "snapshot", "snapshot", "snapshot_end"],
    );
  });

  test("a snapshot that was cut short is given again from its start, after a reset", async () => {
    const update = (n: number) => ({
      type: "snapshot" as const,
      revision: 5,
      epoch: "e1",
      session: { id: `web-${n}` } as never,
    });
    const { ClientError } = await import("../../src/client/client-error.ts");
    const lost = new ClientError({
      reason: "DAEMON_UNREACHABLE",
      message: "gone",
      hint: "",
      metadata: {},
      code: 14,
    });
    let round = 0;
    const flaky = {
      async *watch() {
        yield update(1);
        if (round++ === 0) throw lost;
        yield update(2);
        yield { type: "snapshot_end" as const, revision: 5, epoch: "e1" };
        throw new Error("end of test");
      },
    };
    const types: string[] = [];
    const failure = await (async () => {
      for await (const { type } of watchSessions(flaky, {})) types.push(type);
    })().catch((error: Error) => error.message);
    assert.equal(
      [types, failure],
      [["snapshot", "reset", "snapshot", "snapshot", "snapshot_end"], "end of test"],
    );
  });

  test("it fails at once when no daemon answers at first", async () => {
    await using running = await startServer();
    await running.server.stop(500);
    const failed = (await follow(running).ended) as AoError;
    assert.is(failed.reason, "DAEMON_UNREACHABLE");
  });

  test("it fails when the daemon refuses it, restart or not", async () => {
    await using running = await startServer();
    const sessions = running.clientAs("wrong").sessions;
    const failed = await watchSessions(sessions, {})
      .next()
      .catch((error: AoError) => error.reason);
    assert.is(failed, "UNAUTHENTICATED");
  });

  test("it ends with the signal's reason, also between two attempts", async () => {
    await using running = await startServer();
    const controller = new AbortController();
    const lost = Promise.withResolvers<void>();
    const ended = (async () => {
      const options = { onDisconnect: () => lost.resolve() };
      for await (const _ of watchSessions(running.client.sessions, options, controller.signal));
    })().catch((error: Error) => error.message);
    await eventually(() => running.app.calls.has("watch"), { what: "the watch" });
    await running.server.stop(500);
    await lost.promise;
    controller.abort(new Error("enough"));
    assert.is(await ended, "enough");
  });
});
