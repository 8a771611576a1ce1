import * as assert from "uvu/assert";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

suite("reaper: looks that hang, launchers that do not tell, agents that are stopped", ({
  test,
  beforeEach,
  afterEach,
}) => {
  let world: InProcess;
  let first: Played;
  let second: Played;
  type Played = ReturnType<typeof playAgent> & { id: string; launchId: string };

  const play = async (): Promise<Played> => {
    const view: SessionView = await world.sessions.spawn(spawnRequest({ prompt: "do it" }));
    const agent = playAgent(world, view);
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    return { ...agent, id: view.session.id, launchId: view.session.facts.launchId };
  };
  const see = (agent: Played) => world.sessions.get(agent.id);
  const status = async (agent: Played) => (await see(agent)).status;
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at += 1000) {
      await world.reaper.sweep();
      world.clock.advance(1000);
    }
    await world.reaper.sweep();
  };

  beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    first = await play();
    second = await play();
  });
  afterEach(() => world.close());

  /** The session's process is gone and the look at its terminal hangs until `release`. */
  const hang = (agent: Played) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    world.host.alive.delete(agent.pid);
    world.host.hung.set(agent.launchId, promise);
    return { release: () => resolve() };
  };
  /** A sweep whose patience is over, while one of its looks hangs. */
  const impatientSweep = async () => {
    const swept = world.reaper.sweep();
    await eventually(() => world.host.paneProbes.length > 0, { everyMs: 1 });
    world.clock.advance(1000);
    await swept;
  };

  test("one look that hangs holds up no sweep: another session's death is found meanwhile", async () => {
    const hung = hang(first);
    second.vanish();
    await impatientSweep();
    await impatientSweep();
    await eventually(async () => (await status(second)) === "lost");
    assert.is(await status(first), "working");
    hung.release();
  });

  test("a session whose look hangs is not looked at a second time", async () => {
    const hung = hang(first);
    for (let i = 0; i < 5; i++) await impatientSweep();
    assert.equal(world.host.paneProbes, [first.launchId]);
    hung.release();
  });

  /** A look that hangs for two seconds, if one is due now, and then could not see. */
  const hangingSweep = async () => {
    const before = world.host.paneProbes.length;
    const hung = hang(first);
    const swept = world.reaper.sweep();
    await turns();
    world.clock.advance(2000);
    hung.release();
    await swept;
    await turns();
    return world.host.paneProbes.length > before;
  };
  const turns = () => world.deps.book.report([]);

  test("a look that hung is repeated, but ever more rarely, and declares nobody dead", async () => {
    const looks: boolean[] = [];
    for (let i = 0; i < 29; i++) looks.push(await hangingSweep());
    const count = looks.filter(Boolean).length;
    assert.ok(count >= 5 && count <= 10, `${count} looks in a minute`);
    assert.is(await status(first), "working");
    assert.is(world.reaper.missedEvents(), 0);
  });

  test("an agent that is gone does not wait for a person for ever because its terminal hangs", async () => {
    for (let i = 0; i < 50; i++) await hangingSweep();
    assert.is(await status(first), "lost");
  });

  test("when a terminal can be looked at again, its agent's death is found", async () => {
    for (let i = 0; i < 5; i++) await hangingSweep();
    world.host.hung.clear();
    world.host.panes.delete(first.launchId);
    await pass(12_000);
    assert.is(await status(first), "lost");
  });

  test("a look that failed at once is repeated by the next sweep", async () => {
    first.vanish();
    world.host.panes.set(first.launchId, "unknown");
    await pass(5000);
    assert.is(await status(first), "working");
    world.host.panes.delete(first.launchId);
    await pass(1000);
    assert.is(await status(first), "lost");
  });

  test("a hook that came while the look went on is newer than the verdict", async () => {
    first.vanish();
    await world.reaper.sweep();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.host.hung.set(first.launchId, promise);
    world.host.panes.set(first.launchId, "dead");
    const probes = world.host.paneProbes.length;
    world.clock.advance(1000);
    const swept = world.reaper.sweep();
    await eventually(() => world.host.paneProbes.length > probes, { everyMs: 1 });
    await first.hook("tool-start", { toolName: "Bash", toolUseId: "t" });
    resolve();
    await swept;
    assert.is(await status(first), "working");
  });

  test("a launcher that never tells of its agent's end is not waited for longer than 10 s", async () => {
    world.host.alive.delete(first.pid);
    await pass(9000);
    assert.is(await status(first), "working");
    await pass(12_000);
    assert.is(await status(first), "lost");
  });

  test("the record of a launcher that told after all settles how the agent ended", async () => {
    world.host.alive.delete(first.pid);
    await pass(25_000);
    assert.is(await status(first), "lost");
    await first.exit({ exitCode: 3 });
    assert.is(await status(first), "failed");
  });

  test("a stopped agent is alive; the reason says that it is stopped, until it is not", async () => {
    world.host.stopped.add(first.pid);
    await pass(30_000);
    const stopped = await see(first);
    assert.is(stopped.status, "unverified");
    assert.match(stopped.statusReason, /^its process is stopped/);
    assert.not.match((await see(second)).statusReason, /stopped/);
    world.host.stopped.clear();
    await pass(2000);
    assert.not.match((await see(first)).statusReason, /stopped/);
    assert.is(await status(first), "working");
  });

  test("one stopped for a moment, as by a debugger, is not told of", async () => {
    const { head } = world.deps.book.revisions();
    for (let i = 0; i < 5; i++) {
      world.host.stopped.add(first.pid);
      await pass(0);
      world.host.stopped.clear();
      await pass(0);
    }
    assert.is(world.deps.book.revisions().head, head);
  });

  test("a stopped agent that is killed is dead", async () => {
    world.host.stopped.add(first.pid);
    await pass(3000);
    first.vanish();
    await pass(2000);
    const gone = await see(first);
    assert.is(gone.status, "lost");
    assert.not.match(gone.statusReason, /stopped/);
  });

  test("a launch of another boot is not taken back by a process of the same pid and start", async () => {
    world.host.bootId = "boot-2";
    world = await world.restart();
    await world.reaper.reapOldBoots();
    assert.is(await status(first), "lost");
    await pass(3000);
    assert.is(await status(first), "lost");
  });

  test("launches of this boot are not lost when the daemon starts", async () => {
    world = await world.restart();
    await world.reaper.reapOldBoots();
    await pass(3000);
    assert.is(await status(first), "working");
    assert.is(world.reaper.missedEvents(), 0);
  });

  test("an ended session is not looked at any more", async () => {
    await first.exit({ exitCode: 0 });
    world.host.panes.delete(first.launchId);
    await pass(5000);
    assert.is(await status(first), "exited");
    assert.equal(world.host.paneProbes, []);
  });

  test("one restored between two looks is not declared dead for its first launch", async () => {
    first.vanish();
    await pass(2000);
    assert.is(await status(first), "lost");
    const { view } = await world.sessions.restore({ sessionId: first.id, prompt: "" });
    assert.is.not(view.session.facts.launchId, first.launchId);
    await pass(5000);
    assert.is(await status(first), "starting");
  });
});
