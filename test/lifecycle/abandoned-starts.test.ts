import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { LAUNCHER_FILE } from "../../src/core/launch-manifest.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

suite("a start that was broken off", (s) => {
  let world: InProcess;
  const request = spawnRequest({ requestId: "r1", prompt: "do it" });
  /** Ends the daemon while a spawn is at `step`. */
  const breakOff = async (step: "create" | "start") => {
    world.host.hanging.add(step);
    void world.sessions.spawn(request);
    await eventually(() => world.deps.underway.size === 1, { what: "the spawn under way" });
    if (step === "start")
      await eventually(() => world.host.journal.includes("start shop-1"), { what: "the terminal asked for" });
    world = await world.restart();
    world.host.hanging.clear();
  };
  const sweep = async () => {
    world.clock.advance(16_000);
    await world.reaper.sweep();
    world.clock.advance(1000);
    await world.reaper.sweep();
  };

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  s.afterEach(() => world.close());

  for (const step of ["create", "start"] as const) {
    s.test(`at "${step}": undone, and the row says that nothing ran`, async () => {
      await breakOff(step);
      await sweep();
      const { status, statusReason, session, restore } = await world.sessions.get("shop-1");
      assert.is(status, "failed");
      assert.match(statusReason, /could not be started: the daemon ended while it was being started/);
      assert.is(session.facts.process.exit?.cause, "spawn_failed");
      assert.equal(restore, { mode: "impossible", problem: "it never started", unasked: false });
      assert.is(world.host.worktrees.size, 0);
      assert.ok(world.host.journal.includes("remove worktree shop-1"));
      assert.not(existsSync(world.files.dir("shop-1", session.facts.launchId)));
      assert.is(world.reaper.missedEvents(), 0);
    });
  }

  for (const when of ["at once", "after the sweep"]) {
    s.test(`the same request asked again ${when} starts another session`, async () => {
      await breakOff("start");
      if (when === "after the sweep") await sweep();
      const again = await world.sessions.spawn(request);
      assert.is(again.session.id, "shop-2");
      assert.is(again.status, "starting");
      assert.is((await world.sessions.get("shop-1")).status, "failed");
      assert.is((await world.sessions.spawn(request)).session.id, "shop-2");
    });
  }

  s.test("a spawn that failed by itself may be asked for again too", async () => {
    world.host.failing.add("start");
    await world.sessions
      .spawn(request)
      .catch((error: Error) => assert.match(error.message, /would not start/));
    world.host.failing.clear();
    assert.is((await world.sessions.spawn(request)).session.id, "shop-2");
  });

  s.test("one whose launcher ran may have worked: it is lost, and answers its request", async () => {
    await breakOff("start");
    const { session } = await world.sessions.get("shop-1");
    writeFileSync(join(world.files.dir("shop-1", session.facts.launchId), LAUNCHER_FILE), "1 1\n");
    assert.is((await world.sessions.spawn(request)).session.id, "shop-1");
    await sweep();
    assert.is((await world.sessions.get("shop-1")).status, "lost");
  });

  s.test("one whose terminal is there is left to it", async () => {
    await breakOff("start");
    const { session } = await world.sessions.get("shop-1");
    world.host.panes.set(session.facts.launchId, "alive");
    await sweep();
    assert.is((await world.sessions.get("shop-1")).status, "starting");
    assert.is((await world.sessions.spawn(request)).session.id, "shop-1");
  });

  s.test("a worktree that takes minutes is no death", async () => {
    world.host.hanging.add("create");
    void world.sessions.spawn(request);
    await eventually(() => world.deps.underway.size === 1, { what: "the spawn under way" });
    await eventually(async () => (await world.sessions.list({ statuses: [], limit: 1 })).rows[0], {
      what: "the row",
    });
    await sweep();
    await sweep();
    assert.is((await world.sessions.get("shop-1")).status, "starting");
  });

  s.test("a restore that was broken off keeps worktree and conversation, and is still wanted", async () => {
    const agent = playAgent(world, await world.sessions.spawn(request));
    await agent.start();
    await agent.hook("session-start", { nativeSessionId: "n1" });
    await agent.exit({ exitSignal: "SIGKILL" });
    world.host.hanging.add("start");
    void world.sessions.restore({ sessionId: "shop-1", prompt: "" });
    await eventually(() => world.host.journal.filter((entry) => entry === "start shop-1").length === 2, {
      what: "the second start",
    });
    world = await world.restart();
    world.host.hanging.clear();
    await sweep();
    const { restore, status } = await world.sessions.get("shop-1");
    assert.is(status, "failed");
    assert.equal(restore, { mode: "resume", nativeSessionId: "n1", unasked: true });
    assert.is(world.host.worktrees.size, 1);
  });
});
