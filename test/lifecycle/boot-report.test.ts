import * as assert from "uvu/assert";
import { type BootReconciliation, createBootReconciliation } from "../../src/lifecycle/looks/boot-report.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

suite("what became of the sessions of the daemon before", (s) => {
  let world: InProcess;
  let agents: ReturnType<typeof playAgent>[];
  let boot: BootReconciliation;
  const restart = async (meanwhile: () => void) => {
    meanwhile();
    world = await world.restart();
    boot = createBootReconciliation({ ...world.deps, spooledFor: async (id) => world.spooled.has(id) });
  };
  const deaths = async () => (await boot.report()).deaths.map(({ sessionId, reason }) => [sessionId, reason]);

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    agents = [];
    for (let number = 0; number < 3; number += 1) {
      const agent = playAgent(world, await world.sessions.spawn(spawnRequest({ prompt: "do it" })));
      await agent.start();
      await agent.hook("session-start", { nativeSessionId: `n${number}` });
      agents.push(agent);
    }
  });
  s.afterEach(() => world.close());

  s.test("all live: all adopted, and what dies later is none of its business", async () => {
    await restart(() => {});
    assert.equal(await boot.report(), { adopted: 0, pending: 3, deaths: [] });
    assert.is(await boot.round(), true);
    assert.equal(await boot.report(), { adopted: 3, pending: 0, deaths: [] });
    agents[0]?.vanish();
    await world.sweepTwice();
    await boot.round();
    assert.equal(await boot.report(), { adopted: 3, pending: 0, deaths: [] });
  });

  s.test("records in the spool come before anybody is called alive", async () => {
    const launchId = (await world.sessions.get("shop-2")).session.facts.launchId;
    await restart(() => {});
    world.spooled.add(launchId);
    assert.is(await boot.round(), false);
    assert.is((await boot.report()).pending, 1);
    world.spooled.clear();
    const [, second] = agents;
    const exit = second?.signal("process", "ao-process-exited", { exitSignal: "SIGKILL" });
    await world.activity.report(exit ? [exit] : []);
    assert.is(await boot.round(), true);
    assert.equal(await deaths(), [["shop-2", "killed by SIGKILL"]]);
    assert.is((await boot.report()).deaths[0]?.unasked, true);
  });

  s.test("one nobody saw end is named once the sweep has found it", async () => {
    await restart(() => agents[2]?.vanish());
    assert.is(await boot.round(), false);
    await world.sweepTwice();
    assert.is(await boot.round(), true);
    assert.equal(await deaths(), [["shop-3", "its process is gone; nobody saw it end"]]);
    assert.is((await boot.report()).adopted, 2);
  });

  s.test("a reboot is named for each; one started again or removed is not told of any more", async () => {
    await restart(() => {
      world.host.bootId = "boot-2";
      for (const agent of agents) agent.vanish();
    });
    await world.reaper.reapOldBoots();
    assert.is(await boot.round(), true);
    const reason = "the host was rebooted";
    assert.equal(await deaths(), [
      ["shop-3", reason],
      ["shop-2", reason],
      ["shop-1", reason],
    ]);
    await world.sessions.restore({ sessionId: "shop-3", prompt: "" });
    await world.sessions.remove("shop-2");
    assert.equal(await deaths(), [["shop-1", reason]]);
  });
});
