import * as assert from "uvu/assert";
import type { Signal } from "../../src/core/signal.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

suite("R8, R10, R11: what silence means, with a clock that tests hold", ({ test, beforeEach, afterEach }) => {
  let world: InProcess;
  let agent: ReturnType<typeof playAgent>;
  const status = async () => (await world.sessions.get("shop-1")).status;
  const witness = (event: string): Signal => agent.signal("witness", event);
  const head = () => world.deps.book.revisions().head;
  /** Time passes with a sweep every 10 s, as the daemon's do every second. */
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at += 10 * SECOND) {
      world.clock.advance(Math.min(10 * SECOND, ms - at));
      await world.reaper.sweep();
    }
    await world.deps.book.report([]);
  };

  beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    agent = playAgent(world, await world.sessions.spawn(spawnRequest({ prompt: "do it" })));
  });
  afterEach(() => world.close());

  test("R8: two minutes without evidence make a turn unverified, neither idle nor dead", async () => {
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    await pass(2 * MINUTE - SECOND);
    assert.is(await status(), "working");
    const before = head();
    await pass(2 * SECOND);
    assert.is(await status(), "unverified");
    assert.is(head(), before + 1, "watchers are told once, by time alone");
    await pass(60 * MINUTE);
    assert.is(await status(), "unverified");
    assert.is(world.reaper.missedEvents(), 0);
  });

  test("R8: the second witness renews the lease; that the process lives does not", async () => {
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    await pass(MINUTE);
    await agent.send(witness("witness_active"));
    await pass(MINUTE + 30 * SECOND);
    assert.is(await status(), "working");
    await pass(MINUTE);
    assert.is(await status(), "unverified");
  });

  test("R8: any later hook makes it work again", async () => {
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    await pass(5 * MINUTE);
    await agent.hook("tool-start", { toolName: "Bash", toolUseId: "t" });
    assert.is(await status(), "working");
  });

  test("R8: an open dialog has no lease, however long nobody answers", async () => {
    await agent.start();
    await agent.hook("prompt", { prompt: "x" });
    await agent.hook("permission-request", { toolName: "Bash", requestId: "p1" });
    await pass(60 * MINUTE);
    assert.is(await status(), "needs_input");
  });

  test("R10: no word 90 s after its process was seen is no_signal, and watchers are told", async () => {
    await agent.start();
    await pass(89 * SECOND);
    assert.is.not(await status(), "no_signal");
    const before = head();
    await pass(2 * SECOND);
    assert.is(await status(), "no_signal");
    assert.is(head(), before + 1);
  });

  test("R10: the 90 s begin when the process was seen, not when it was asked for", async () => {
    await pass(60 * SECOND);
    await agent.start();
    await pass(80 * SECOND);
    assert.is.not(await status(), "no_signal");
    await pass(15 * SECOND);
    assert.is(await status(), "no_signal");
  });

  test("R10: the first signal is the receipt, also one that says nothing of the turn", async () => {
    await agent.start();
    await pass(2 * MINUTE);
    assert.is(await status(), "no_signal");
    await agent.hook("session-start", { nativeSessionId: "n1" });
    assert.is.not(await status(), "no_signal");
    await pass(60 * MINUTE);
    assert.is.not(await status(), "no_signal");
  });

  test("R10: what ao looks up itself is no word of the agent", async () => {
    await agent.start();
    await agent.send(agent.signal("probe", "process_alive"));
    await pass(2 * MINUTE);
    assert.is(await status(), "no_signal");
  });

  test("R11: a start that takes long is starting, not dead, while its terminal lives", async () => {
    await pass(10 * MINUTE);
    const slow = await world.sessions.get("shop-1");
    assert.is(slow.status, "starting");
    assert.match(slow.statusReason, /no sign of its process/);
    assert.is(world.reaper.missedEvents(), 0);
  });

  test("R11: the gate on its screen is named", async () => {
    await agent.start();
    await agent.send(agent.signal("probe", "screen_gate", { type: "trust" }));
    const gated = await world.sessions.get("shop-1");
    assert.is(gated.status, "starting");
    assert.match(gated.statusReason, /trust dialog on screen/);
  });
});
