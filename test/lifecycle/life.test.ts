import * as assert from "uvu/assert";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

const never = new AbortController().signal;
/** What is stored and sent: absent and undefined are one. */
const json = (value: unknown) => JSON.parse(JSON.stringify(value));

suite("a session's life", (s) => {
  let world: InProcess;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  const status = async () => (await world.sessions.get("shop-1")).status;
  const ask = async () => {
    await agent.hook("session-start", { nativeSessionId: "n1" });
    await agent.hook("prompt", { prompt: "do it" });
    await agent.hook("tool-start", { toolName: "Bash", toolUseId: "t1" });
    await agent.hook("permission-request", { toolName: "Bash", toolUseId: "t1", requestId: "p1" });
  };

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    view = await world.sessions.spawn(spawnRequest({ prompt: "do it" }));
    agent = playAgent(world, view);
    await agent.start();
  });
  s.afterEach(() => world.close());

  s.test("starting, working, needs input, working, idle", async () => {
    assert.is(await status(), "starting");
    await ask();
    const blocked = await world.sessions.get("shop-1");
    assert.is(blocked.status, "needs_input");
    assert.is(blocked.session.facts.requests[0]?.tool, "Bash");
    await agent.hook("permission-reply", { requestId: "p1", reason: "approve" });
    assert.is(await status(), "working");
    await agent.hook("tool-end", { toolName: "Bash", toolUseId: "t1" });
    await agent.hook("turn-end", { message: "done" });
    assert.is(await status(), "idle");
  });

  s.test("a list of a project that is not registered is an error, not an empty list", async () => {
    await rejects(world.sessions.list({ projectId: "shpo", statuses: [], limit: 1 }), "PROJECT_NOT_FOUND");
    const page = await world.sessions.list({ projectId: "shop", statuses: [], limit: 1 });
    assert.is(page.rows.length, 1);
  });

  s.test("a SIGKILL while it waits for an answer is failed, whoever tells it", async () => {
    await ask();
    await agent.exit({ exitSignal: "SIGKILL" });
    assert.is(await status(), "failed");
    assert.equal((await world.sessions.get("shop-1")).session.facts.requests, []);
  });

  s.test("a quiet turn of ten minutes is never called dead", async () => {
    await agent.hook("prompt", { prompt: "do it" });
    for (let minute = 0; minute < 10; minute += 1) {
      world.clock.advance(60_000);
      await world.reaper.sweep();
      assert.ok(
        ["working", "unverified"].includes(await status()),
        `after ${minute + 1} min: ${await status()}`,
      );
    }
    assert.is(world.reaper.missedEvents(), 0);
  });

  s.test("everything is there after a kill of the daemon", async () => {
    await ask();
    const before = await world.sessions.get("shop-1");
    world = await world.restart();
    assert.equal(json(await world.sessions.get("shop-1")), json(before));
  });

  s.test("a kill ends the tree, then says terminated", async () => {
    await ask();
    const killed = await world.sessions.kill({ sessionId: "shop-1", graceMs: 100 }, never);
    assert.is(killed.status, "terminated");
    assert.is(world.host.alive.size, 0);
    const again = await world.sessions.kill({ sessionId: "shop-1", graceMs: 100 }, never);
    assert.is(again.session.revision, killed.session.revision);
  });

  s.test("a restore continues the same conversation in a new launch", async () => {
    await ask();
    await agent.exit({ exitSignal: "SIGKILL" });
    const restored = await world.sessions.restore({ sessionId: "shop-1", prompt: "" });
    assert.is(restored.mode, "resume");
    assert.is.not(restored.view.session.facts.launchId, view.session.facts.launchId);
    assert.ok(world.host.starts.at(-1)?.argv.join(" ").includes("--resume n1"));
    await agent.hook("turn-end");
    assert.is(await status(), "starting", "a signal of the old launch is stale");
    await rejects(world.sessions.restore({ sessionId: "shop-1", prompt: "" }), "SESSION_RUNNING");
  });

  s.test("a restore without a conversation starts the saved prompt again", async () => {
    await agent.exit({ exitCode: 1 });
    await world.sessions.restore({ sessionId: "shop-1", prompt: "" });
    assert.is(world.host.starts.at(-1)?.argv.at(-1), "do it");
  });

  s.test(
    "a conversation that was never written down is not resumed: the saved prompt starts again",
    async () => {
      const transcriptPath = `${world.deps.paths.home}/never-written.jsonl`;
      await agent.hook("session-start", { nativeSessionId: "n1", transcriptPath });
      await agent.exit({ exitSignal: "SIGKILL" });
      await world.sessions.restore({ sessionId: "shop-1", prompt: "" });
      const argv = world.host.starts.at(-1)?.argv ?? [];
      assert.not(argv.includes("--resume"));
      assert.is(argv.at(-1), "do it");
    },
  );

  s.test("a running session is not removed", async () => {
    await rejects(world.sessions.remove("shop-1"), "SESSION_RUNNING");
    await agent.exit({ exitCode: 0 });
    await world.sessions.remove("shop-1");
    await rejects(world.sessions.get("shop-1"), "SESSION_NOT_FOUND");
    assert.equal(await world.sessions.remove("shop-1"), {});
  });

  s.test("a name finds the session until two have it", async () => {
    await world.sessions.update("shop-1", { name: "api" });
    assert.is((await world.sessions.get("api")).session.id, "shop-1");
    await world.sessions.spawn(spawnRequest());
    await rejects(world.sessions.update("shop-2", { name: "api" }), "NAME_IN_USE");
  });

  s.test("a name in the form of a session's id is refused", async () => {
    for (const name of ["shop-1", "shop-2", "shop-77"]) {
      await rejects(world.sessions.update("shop-1", { name }), "INVALID_FIELD");
      await rejects(world.sessions.spawn(spawnRequest({ name })), "INVALID_FIELD");
    }
    assert.is((await world.sessions.update("shop-1", { name: "issue-77" })).session.name, "issue-77");
  });

  s.test("a removal asked for again does not meet a session that has the id as its name", async () => {
    // Nothing has this form yet.
    await world.sessions.update("shop-1", { name: "web-1" });
    await world.projects.add({ path: "/repos/web", id: "web", defaultBranch: "", defaultHarness: "" });
    const web = await world.sessions.spawn(spawnRequest({ projectId: "web" }));
    assert.is(web.session.id, "web-1");
    for (const session of [view, web]) await playAgent(world, session).exit({ exitCode: 0 });
    await world.sessions.remove("web-1");
    assert.equal(await world.sessions.remove("web-1"), {});
    await rejects(world.sessions.get("web-1"), "SESSION_NOT_FOUND");
    assert.is((await world.sessions.get("shop-1")).session.name, "web-1");
  });

  s.test("the same signal twice counts once", async () => {
    const prompt = agent.signal("hook", "prompt", { prompt: "x" }, "same");
    const [first] = await agent.send(prompt);
    const [second] = await agent.send(prompt);
    const [third, fourth] = await agent.send({ ...prompt, id: "b" }, { ...prompt, id: "b" });
    assert.equal([first?.outcome, second?.outcome, fourth?.outcome], ["applied", "duplicate", "duplicate"]);
    assert.is.not(third?.outcome, "duplicate");
    assert.is((await world.activity.list({ sessionId: "shop-1", limit: 50 })).length, 4);
  });

  s.test("an unknown launch is rejected and stops nothing", async () => {
    const stray = { ...agent.signal("hook", "prompt"), launchId: "lunknown" };
    const results = await agent.send(stray, agent.signal("hook", "prompt", { prompt: "x" }));
    assert.equal(
      results.map((result) => result.outcome),
      ["rejected", "applied"],
    );
  });

  s.test("explain names the verdict, the signals and their rules", async () => {
    await ask();
    const { verdict, signals } = await world.activity.explain("shop-1");
    assert.match(verdict, /^needs_input: .*Bash/);
    assert.equal(
      signals.map((row) => row.signal.event),
      [
        "launch_requested",
        "ao-process-started",
        "session-start",
        "prompt",
        "tool-start",
        "permission-request",
      ],
    );
    assert.ok(signals.every((row) => row.rule && row.reason));
  });

  s.test("a wait returns at once when the status is there, and says what it is when time is up", async () => {
    await ask();
    const found = await world.sessions.wait(
      { sessionId: "shop-1", statuses: ["idle", "needs_input"], timeoutMs: 0 },
      never,
    );
    assert.is(found.status, "needs_input");
    const error = await rejects(
      world.sessions.wait({ sessionId: "shop-1", statuses: ["idle"], timeoutMs: 20 }, never),
      "WAIT_TIMED_OUT",
    );
    assert.is(error.metadata.status, "needs_input");
  });

  s.test("a wait hears of the change", async () => {
    const waiting = world.sessions.wait(
      { sessionId: "shop-1", statuses: ["working"], timeoutMs: 20_000 },
      never,
    );
    await agent.hook("prompt", { prompt: "x" });
    assert.is((await waiting).status, "working");
  });
});
