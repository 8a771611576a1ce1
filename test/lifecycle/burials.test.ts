import * as assert from "uvu/assert";
import { createBurials } from "../../src/lifecycle/end/burials.ts";
import { createUndertaker } from "../../src/lifecycle/end/undertaker.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

const never = new AbortController().signal;

suite("burials", (s) => {
  let world: InProcess;
  const burials = () => createBurials(world.deps, createUndertaker(world.deps, world.files));
  const ended = async () => {
    const view = await world.sessions.spawn(spawnRequest());
    const agent = playAgent(world, view);
    await agent.start();
    const { launchId } = view.session.facts;
    world.host.screens.set(launchId, "the last words\n");
    return { id: view.session.id, launchId, end: () => agent.exit({ exitCode: 1 }) };
  };
  const isBuried = ({ launchId }: { launchId: string }) => world.host.journal.includes(`dispose ${launchId}`);

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  s.afterEach(() => world.close());

  s.test("an ended launch is put away once, and its last screen kept", async () => {
    const { round } = burials();
    const session = await ended();
    await round(never);
    assert.not(isBuried(session));
    await session.end();
    await round(never);
    await round(never);
    assert.equal(
      world.host.journal.filter((line) => line.startsWith("dispose")),
      [`dispose ${session.launchId}`],
    );
    assert.is(await world.files.readScreen(session.id, session.launchId), "the last words\n");
  });

  s.test("a terminal that hangs keeps no other from its end", async () => {
    const { round } = burials();
    const [first, ...others] = [await ended(), await ended(), await ended()];
    const { promise, resolve: release } = Promise.withResolvers<void>();
    world.host.hung.set(first.launchId, promise);
    for (const session of [first, ...others]) await session.end();
    const rounding = round(never);
    await eventually(() => others.every(isBuried), { what: "the others' burial" });
    assert.not(isBuried(first));
    release();
    await rounding;
    assert.ok(isBuried(first));
  });

  s.test("an end the daemon before did not come to is seen by the next one", async () => {
    const session = await ended();
    await session.end();
    world = await world.restart();
    await burials().round(never);
    assert.ok(isBuried(session));
    world.host.journal.length = 0;
    world = await world.restart();
    await burials().round(never);
    assert.equal(world.host.journal, [], "and by no other after that");
  });

  s.test("what an agent is known to leave behind ends with its launch, and nothing else does", async () => {
    const { round } = burials();
    const environment = { ...world.deps.daemonEnv, AO_CLINE_BIN: "/bin/true" };
    const view = await world.sessions.spawn(spawnRequest({ harness: "cline", environment }));
    const agent = playAgent(world, view);
    await agent.start();
    const leave = (pid: number, ...argv: string[]) =>
      world.host.alive.set(pid, { identity: { pid, startTicks: 5 }, sessionId: view.session.id, argv });
    leave(4711, "cline", "--cline-hub-daemon", "--cwd", "/x");
    leave(4712, "npm", "run", "dev");
    await agent.exit({ exitSignal: "SIGKILL" });
    await round(never);
    assert.equal([...world.host.alive.keys()], [4712]);
  });
});
