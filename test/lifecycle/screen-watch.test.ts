import * as assert from "uvu/assert";
import { createScreenWatch, type ScreenWatch } from "../../src/lifecycle/looks/screen-watch.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

suite("screen watch", ({ test, beforeEach, afterEach }) => {
  let world: InProcess;
  let screens: ScreenWatch;
  const play = async () => {
    const view = await world.sessions.spawn(spawnRequest());
    const agent = playAgent(world, view);
    await agent.start();
    return { ...agent, id: view.session.id, launchId: view.session.facts.launchId };
  };
  const isReady = async (id: string) => (await world.sessions.get(id)).session.facts.readyTime !== undefined;

  beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    screens = createScreenWatch(world.deps);
  });
  afterEach(() => world.close());

  test("sees the composer of an agent that has not spoken", async () => {
    const agent = await play();
    await screens.round();
    assert.not(await isReady(agent.id));
    world.host.screens.set(agent.launchId, "\n› \n");
    world.clock.advance(1000);
    await screens.round();
    assert.ok(await isReady(agent.id));
  });

  test("a terminal that hangs holds up neither the round nor the look at another", async () => {
    const [hung, other] = [await play(), await play()];
    const { promise, resolve } = Promise.withResolvers<void>();
    world.host.hung.set(hung.launchId, promise);
    for (const { launchId } of [hung, other]) world.host.screens.set(launchId, "\n› \n");
    const round = screens.round();
    await eventually(() => isReady(other.id), { everyMs: 1 });
    world.clock.advance(1000);
    await round;
    assert.not(await isReady(hung.id));
    await screens.round();
    resolve();
    await eventually(() => isReady(hung.id), { everyMs: 1 });
  });
});
