import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import * as assert from "uvu/assert";
import { initialFacts } from "../../src/core/reducer/initial-facts.ts";
import { endedUnasked } from "../../src/core/restore-plan.ts";
import type { ProcessFacts } from "../../src/core/session.ts";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

/** What claude 2.1.330 writes before its first message, and with it. */
const PREAMBLE = `{"type":"mode","mode":"normal"}\n{"type":"permission-mode","permissionMode":"default"}\n`;
const MESSAGE = `{"parentUuid":null,"type":"user","message":{"role":"user","content":"do it"}}\n`;

suite("restore", (s) => {
  let world: InProcess;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  const environment = {
    PATH: `${process.env.PATH}`,
    AO_CLAUDE_CODE_BIN: "/bin/true",
    AO_OPENCODE_BIN: "/bin/true",
  };
  const path = (id: string) => join(world.deps.paths.home, "claude", `${id}.jsonl`);
  const start = async (fields: Partial<ReturnType<typeof spawnRequest>> = {}) => {
    view = await world.sessions.spawn(
      spawnRequest({ harness: "claude-code", prompt: "do it", environment, ...fields }),
    );
    agent = playAgent(world, view);
    await agent.start();
  };
  const begin = (id: string, source: string, text?: string) => {
    if (text !== undefined) writeFileSync(path(id), text);
    return agent.hook("SessionStart", { nativeSessionId: id, source, transcriptPath: path(id) });
  };
  const plan = async () => (await world.sessions.get("shop-1")).restore;
  const restore = (prompt = "", fresh = false) =>
    world.sessions.restore({ sessionId: "shop-1", prompt, fresh, environment });
  const argv = () => world.host.starts.at(-1)?.argv ?? [];
  const resumed = () => argv()[argv().indexOf("--resume") + 1];

  s.beforeEach(async () => {
    world = await createInProcess();
    mkdirSync(dirname(path("x")));
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  s.afterEach(() => world.close());

  s.test("a session that may run has no plan; one that ended tells its conversation", async () => {
    await start();
    assert.is(await plan(), undefined);
    await begin("n1", "startup", PREAMBLE + MESSAGE);
    await agent.exit({ exitSignal: "SIGKILL" });
    assert.equal(await plan(), { mode: "resume", nativeSessionId: "n1", unasked: true });
    await restore();
    assert.is(resumed(), "n1");
    assert.is(await plan(), undefined);
  });

  s.test("of a chain by clear, resume and fork the newest is resumed", async () => {
    await start();
    for (const [id, source] of [
      ["n1", "startup"],
      ["n2", "clear"],
      ["n1", "resume"],
      ["n3", "fork"],
    ] as const)
      await begin(id, source, MESSAGE);
    await agent.exit({ exitSignal: "SIGKILL" });
    assert.equal((await world.sessions.get("shop-1")).session.facts.nativeSessionIds, ["n2", "n1", "n3"]);
    assert.is((await plan())?.nativeSessionId, "n3");
  });

  s.test("a clear that was never written down leaves the conversation before it to resume", async () => {
    await start();
    await begin("n1", "startup", PREAMBLE + MESSAGE);
    await agent.hook("Stop", { nativeSessionId: "n1", message: "done", transcriptPath: path("n1") });
    await begin("n2", "clear");
    await agent.exit({ exitSignal: "SIGKILL" });
    assert.is((await plan())?.nativeSessionId, "n1");
    writeFileSync(path("n2"), PREAMBLE);
    assert.is((await plan())?.nativeSessionId, "n1", "settings alone cannot be resumed");
    appendFileSync(path("n2"), MESSAGE);
    assert.is((await plan())?.nativeSessionId, "n2");
  });

  s.test(
    "the chain outlives launches: a second death before any hook resumes what the first did",
    async () => {
      await start();
      await begin("n1", "startup", MESSAGE);
      await begin("n2", "clear");
      await agent.exit({ exitSignal: "SIGKILL" });
      const { view: again } = await restore();
      assert.is(resumed(), "n1");
      agent = playAgent(world, again);
      await agent.start();
      await agent.exit({ exitSignal: "SIGKILL" });
      assert.is((await plan())?.nativeSessionId, "n1");
    },
  );

  s.test("a conversation that is a directory is there once something is in it", async () => {
    await start();
    const transcriptPath = join(world.deps.paths.home, "claude", "unified");
    await agent.hook("Stop", { nativeSessionId: "n1", transcriptPath });
    await agent.exit({ exitSignal: "SIGKILL" });
    assert.is((await plan())?.nativeSessionId, undefined);
    mkdirSync(transcriptPath);
    assert.is((await plan())?.nativeSessionId, undefined, "nothing is in it");
    writeFileSync(join(transcriptPath, "CURRENT"), "{}");
    assert.is((await plan())?.nativeSessionId, "n1");
  });

  s.test("a subagent's conversation is never resumed", async () => {
    await start({ harness: "opencode" });
    await agent.hook("session.created", { nativeSessionId: "root" });
    await agent.hook("chat.message", { nativeSessionId: "root", prompt: "do it" });
    await agent.hook("session.created", { nativeSessionId: "child", parentSessionId: "root" });
    await agent.hook("session.status", { nativeSessionId: "child", type: "busy", agentId: "child" });
    await agent.hook("session.idle", { nativeSessionId: "child" });
    await agent.exit({ exitSignal: "SIGKILL" });
    assert.equal(await plan(), { mode: "resume", nativeSessionId: "root", unasked: true });
  });

  s.test("killed before its first message: the saved prompt starts again", async () => {
    await start();
    await begin("n1", "startup", PREAMBLE);
    await agent.exit({ exitSignal: "SIGKILL" });
    assert.is((await plan())?.mode, "start_again");
    assert.is((await restore()).mode, "start_again");
    assert.is(argv().at(-1), "do it");
    assert.not(argv().includes("--resume"));
  });

  s.test(
    "never a cold start where a conversation was: it says why, and only --fresh overrules it",
    async () => {
      await start();
      await begin("n1", "startup", MESSAGE);
      await agent.hook("Stop", { nativeSessionId: "n1", message: "half of it is done" });
      await agent.exit({ exitSignal: "SIGKILL" });
      rmSync(path("n1"));
      assert.is((await plan())?.mode, "impossible");
      const error = await rejects(restore(), "NOT_RESUMABLE");
      assert.match(error.message, /nothing of its conversation "n1" is on disk \(".*n1\.jsonl"\)/);
      assert.match(error.hint, /restore --fresh shop-1/);
      assert.is(world.host.starts.length, 1);
      await restore("", true);
      assert.is(argv().at(-1), "do it");
    },
  );

  s.test("--fresh does not resume what could be resumed", async () => {
    await start();
    await begin("n1", "startup", MESSAGE);
    await agent.exit({ exitSignal: "SIGKILL" });
    await restore("something else", true);
    assert.not(argv().includes("--resume"));
    assert.is(argv().at(-1), "something else");
  });

  s.test("a prompt to continue with is no first prompt", async () => {
    await start();
    await begin("n1", "startup", PREAMBLE);
    await agent.exit({ exitSignal: "SIGKILL" });
    await rejects(restore("now the tests"), "NOT_RESUMABLE");
    assert.is(world.host.starts.length, 1);
  });

  s.test("a prompt that only continued a conversation is never started again by itself", async () => {
    await start();
    await begin("n1", "startup", MESSAGE);
    await agent.exit({ exitSignal: "SIGKILL" });
    const { view: again } = await restore("now the tests");
    agent = playAgent(world, again);
    await agent.start();
    await agent.exit({ exitSignal: "SIGKILL" });
    await restore("", true);
    assert.is(argv().at(-1), "do it");
  });

  s.test("started at its empty prompt and never told anything: starts there again", async () => {
    await start({ prompt: "" });
    await agent.exit({ exitSignal: "SIGHUP" });
    assert.is((await restore()).mode, "start_again");
  });

  s.test(
    "silent with its prompt for as long as its hooks could have spoken: nobody knows what it did",
    async () => {
      await start();
      world.clock.advance(10 * 60_000);
      await agent.exit({ exitSignal: "SIGKILL" });
      assert.match((await plan())?.problem ?? "", /never told the id/);
    },
  );

  s.test("without worktree and branch there is nothing to continue in", async () => {
    await start();
    await begin("n1", "startup", MESSAGE);
    await agent.exit({ exitSignal: "SIGKILL" });
    world.host.lostBranches.add(view.session.workspace.branch);
    assert.match((await plan())?.problem ?? "", /worktree ".*shop-1" and its branch "ao\/shop-1" are gone/);
    await rejects(restore(), "NOT_RESUMABLE");
  });

  const leave = (pid: number, ...argv: string[]) =>
    world.host.alive.set(pid, { identity: { pid, startTicks: 5 }, sessionId: "shop-1", argv });
  /** Lets time pass until the work is done. */
  const meanwhile = async <T>(work: Promise<T>, tick: () => void = () => {}): Promise<T> => {
    let settled = false;
    void Promise.allSettled([work]).then(() => {
      settled = true;
    });
    while (!settled) {
      tick();
      world.clock.advance(250);
      await nextTurn();
    }
    return work;
  };

  s.test("a child that ends behind its killed parent is waited for", async () => {
    await start();
    await begin("n1", "startup", MESSAGE);
    leave(4711);
    await agent.exit({ exitSignal: "SIGKILL" });
    const ends = world.clock.monotonic() + 4000;
    const { mode } = await meanwhile(restore(), () => {
      assert.is(world.host.starts.length, 1, "never two at work in one tree");
      if (world.clock.monotonic() >= ends) world.host.alive.delete(4711);
    });
    assert.is(mode, "resume");
    assert.is(world.host.starts.length, 2);
  });

  s.test("a child that does not end is named, with what ends it", async () => {
    await start();
    await begin("n1", "startup", MESSAGE);
    leave(4711);
    leave(4712);
    await agent.exit({ exitSignal: "SIGKILL" });
    const error = await rejects(meanwhile(restore()), "PROCESSES_LEFT");
    assert.is(error.message, 'session "shop-1" has ended, but processes of it still live: 4711, 4712');
    assert.match(error.hint, /ps -fp 4711,4712`.*ao session kill shop-1/);
    assert.is(world.host.starts.length, 1);
    await world.sessions.kill({ sessionId: "shop-1", graceMs: 0 }, new AbortController().signal);
    assert.is((await restore()).mode, "resume");
  });

  s.test("what an agent is known to leave behind is ended, not waited for", async () => {
    const own = { ...environment, HOME: world.deps.paths.home, AO_CLINE_BIN: "/bin/true" };
    await start({ harness: "cline", environment: own });
    await agent.hook("TaskStart", { nativeSessionId: "n1" });
    leave(4711, "cline", "--cline-hub-daemon");
    await agent.exit({ exitSignal: "SIGKILL" });
    const request = { sessionId: "shop-1", prompt: "", fresh: false, environment: own };
    assert.is((await world.sessions.restore(request)).mode, "resume");
    assert.not.ok(world.host.alive.has(4711));
  });

  s.test("a list tells the plan too; a watch does not, for nothing would tell of its change", async () => {
    await start();
    await begin("n1", "startup", MESSAGE);
    await agent.exit({ exitSignal: "SIGKILL" });
    const { rows } = await world.sessions.list({ statuses: [], limit: 10 });
    assert.is(rows[0]?.restore?.mode, "resume");
    for await (const message of world.sessions.watch({}, new AbortController().signal)) {
      if (message.type !== "snapshot") break;
      assert.is(message.view.restore, undefined);
    }
  });
});

suite("ends nobody asked for", ({ test }) => {
  const facts = (
    state: ProcessFacts["state"],
    exit: ProcessFacts["exit"],
    nativeSessionIds: string[] = [],
  ) => ({
    ...initialFacts({ launchId: "l1", launchTime: 0, promptPending: false, headless: false }),
    nativeSessionIds,
    process: { state, exit },
  });
  test("a restore that failed is still wanted, a spawn is not", () => {
    const exit = { cause: "spawn_failed", time: 1 } as const;
    assert.is(endedUnasked(facts("exited", exit, ["n1"])), true);
    assert.is(endedUnasked(facts("exited", exit)), false);
  });
  const cases: [ProcessFacts["state"], ProcessFacts["exit"], boolean][] = [
    ["starting", undefined, false],
    ["running", undefined, false],
    ["lost", undefined, true],
    ["lost", { cause: "host_rebooted", time: 1 }, true],
    ["exited", { cause: "signaled", signal: "SIGKILL", time: 1 }, true],
    ["exited", { cause: "out_of_memory", signal: "SIGKILL", time: 1 }, true],
    ["exited", { cause: "terminal_gone", signal: "SIGHUP", time: 1 }, true],
    ["exited", { cause: "exited", code: 143, time: 1 }, true],
    ["exited", { cause: "exited", code: 130, time: 1 }, false],
    ["exited", { cause: "exited", code: 1, time: 1 }, false],
    ["exited", { cause: "exited", code: 0, time: 1 }, false],
    ["exited", { cause: "killed", signal: "SIGTERM", time: 1 }, false],
    ["exited", { cause: "spawn_failed", time: 1 }, false],
  ];
  for (const [state, exit, expected] of cases) {
    test(`${state} ${exit ? JSON.stringify(exit) : ""}: ${expected}`, () => {
      assert.is(endedUnasked(facts(state, exit)), expected);
    });
  }
});
