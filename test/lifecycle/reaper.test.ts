import * as assert from "uvu/assert";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

suite("reaper", (s) => {
  let world: InProcess;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  const status = async () => (await world.sessions.get("shop-1")).status;

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    view = await world.sessions.spawn(spawnRequest({ prompt: "do it" }));
    agent = playAgent(world, view);
  });
  s.afterEach(() => world.close());

  const activities: Record<string, () => Promise<unknown>> = {
    idle: () => agent.hook("turn-end"),
    active: () => agent.hook("prompt", { prompt: "x" }),
    blocked: async () => {
      await agent.hook("prompt", { prompt: "x" });
      await agent.hook("permission-request", { toolName: "Bash", requestId: "p1" });
    },
  };
  for (const [name, reach] of Object.entries(activities)) {
    s.test(`finds a death without a word while ${name}`, async () => {
      await agent.start();
      await reach();
      agent.vanish();
      await world.sweepTwice();
      assert.is(await status(), "lost");
      assert.is(world.reaper.missedEvents(), 1);
    });
  }

  s.test("one look is not enough", async () => {
    await agent.start();
    agent.vanish();
    await world.reaper.sweep();
    world.clock.advance(999);
    await world.reaper.sweep();
    assert.is.not(await status(), "lost");
  });

  s.test("a hook between the looks starts them again", async () => {
    await agent.start();
    agent.vanish();
    await world.reaper.sweep();
    await agent.hook("prompt", { prompt: "x" });
    world.clock.advance(1000);
    await world.reaper.sweep();
    assert.is(await status(), "working");
  });

  s.test("records that wait in the spool come before the verdict", async () => {
    await agent.start();
    agent.vanish();
    world.spooled.add(view.session.facts.launchId);
    await world.sweepTwice();
    assert.is.not(await status(), "lost");
    await agent.exit({ exitCode: 3 });
    world.spooled.clear();
    await world.sweepTwice();
    assert.is(await status(), "failed");
    assert.is(world.reaper.missedEvents(), 0);
  });

  s.test("a probe that cannot look changes nothing", async () => {
    await agent.start();
    agent.vanish();
    world.host.blind = true;
    await world.sweepTwice();
    await world.sweepTwice();
    assert.is.not(await status(), "lost");
  });

  s.test("a live pane keeps the verdict back: the launcher will tell", async () => {
    await agent.start();
    world.host.alive.clear();
    await world.sweepTwice();
    assert.is.not(await status(), "lost");
  });

  s.test("a pid that was used again is not the agent", async () => {
    await agent.start();
    agent.vanish();
    world.host.alive.set(agent.pid, { identity: { pid: agent.pid, startTicks: 4711 }, sessionId: "other" });
    await world.sweepTwice();
    assert.is(await status(), "lost");
  });

  s.test("one called lost that reports again is taken back, and explain says so", async () => {
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    agent.vanish();
    await world.sweepTwice();
    assert.is(await status(), "lost");
    await agent.hook("tool-start", { toolName: "Bash", toolUseId: "t" });
    assert.is(await status(), "working");
    const { signals } = await world.activity.explain("shop-1");
    assert.ok(signals.some((row) => row.rule === "R4"));
  });

  s.test("the terminal of one called lost stays until it is killed, then it goes", async () => {
    await agent.start();
    agent.vanish();
    await world.sweepTwice();
    const disposed = () => world.host.journal.includes(`dispose ${view.session.facts.launchId}`);
    assert.is(disposed(), false);
    await world.sessions.kill({ sessionId: "shop-1", graceMs: 100 }, new AbortController().signal);
    assert.is(disposed(), true);
    assert.is(await status(), "lost");
  });

  s.test("one called lost whose process is there after all is taken back by the sweep", async () => {
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    const { pid, identity } = agent;
    agent.vanish();
    await world.sweepTwice();
    world.host.alive.set(pid, { identity, sessionId: "shop-1" });
    await world.sweepTwice();
    assert.is(await status(), "working");
  });

  s.test("death is not declared before the first proof of life", async () => {
    world.host.panes.clear();
    world.clock.advance(10_000);
    await world.sweepTwice();
    assert.is(await status(), "starting");
    assert.is(world.reaper.missedEvents(), 0);
    world.clock.advance(10_000);
    await world.sweepTwice();
    assert.is(await status(), "lost");
  });

  s.test("every launch of another boot is lost at once", async () => {
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    world.host.bootId = "boot-2";
    world = await world.restart();
    await world.reaper.reapOldBoots();
    assert.is(await status(), "lost");
    assert.is((await world.sessions.get("shop-1")).session.facts.process.exit?.cause, "host_rebooted");
  });

  s.test("the wall clock set back an hour delays no verdict", async () => {
    await agent.start();
    agent.vanish();
    await world.reaper.sweep();
    world.clock.setWall(world.clock.now() - 3_600_000);
    world.clock.advance(1000);
    await world.reaper.sweep();
    assert.is(await status(), "lost");
  });
});
