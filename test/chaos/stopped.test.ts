import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";
import type { ChaosAgent } from "./rig/agents.ts";
import { killShim, shimPid } from "./rig/breaker.ts";
import { eventsLogged, fireHook, startQuietAgent, UNTROUBLED } from "./rig/hooks.ts";

suite("stopped and swamped", ({ test, before, after, beforeEach }) => {
  let daemon: RealDaemon;
  let agent: ChaosAgent;

  before(async () => {
    daemon = await createRealDaemon();
  });
  after(() => daemon.close());
  beforeEach(async () => {
    agent = await startQuietAgent(daemon);
    await eventually(async () => (await daemon.client.daemon.get()).shimConnected, { timeoutMs: 20_000 });
  });
  const running = async () => {
    const pid = await shimPid(daemon);
    if (pid === undefined) throw new Error("no shim runs");
    return pid;
  };

  test(
    "10 000 files wait when daemon and shim start: all arrive in order",
    async () => {
      await daemon.kill();
      await killShim(daemon);
      const events = spoolMany(daemon, agent, { count: 10_000, first: 0 });
      await daemon.start();
      await eventsLogged(daemon, agent, events, 60_000);
    },
    { timeoutMs: 120_000 },
  );

  test(
    "the shim is stopped while more happens than the kernel keeps events of: all arrive in order",
    async () => {
      const pid = await running();
      process.kill(pid, "SIGSTOP");
      // The kernel keeps 16 384 events of a watch and drops the others: two a file.
      const early = spoolMany(daemon, agent, { count: 10_000, first: 0 });
      process.kill(pid, "SIGCONT");
      // Those that come now are told at once, before the ones that were dropped.
      const late: string[] = [];
      for (let i = 0; i < 20; i++) {
        late.push(`late-${i}`);
        assert.equal(await fireHook(daemon, agent, { event: `late-${i}`, payload: "{}" }), UNTROUBLED);
      }
      await eventsLogged(daemon, agent, [...early, ...late], 60_000);
    },
    { timeoutMs: 120_000 },
  );

  test(
    "the shim is stopped for 20 s: hooks are untroubled, all arrive in order",
    async () => {
      const pid = await running();
      const events = await fireWhile(() => sleep(20_000), { stop: pid, daemon, agent });
      await eventsLogged(daemon, agent, events);
      assert.is(await running(), pid, "no second shim took its place");
    },
    { timeoutMs: 90_000 },
  );

  test(
    "the daemon is stopped for 10 s: hooks are untroubled, all arrive in order",
    async () => {
      const events = await fireWhile(() => sleep(10_000), { stop: daemon.pid(), daemon, agent });
      await eventsLogged(daemon, agent, events);
      assert.not.match(readFileSync(daemon.paths.daemonLogPath, "utf8"), /"level":"error"/);
    },
    { timeoutMs: 90_000 },
  );
});

/** Fires hooks all the time a process is stopped, and some after. */
async function fireWhile(
  pause: () => Promise<void>,
  { stop, daemon, agent }: { stop: number; daemon: RealDaemon; agent: ChaosAgent },
): Promise<string[]> {
  const events: string[] = [];
  const fire = async () => {
    const event = `e${events.length}`;
    events.push(event);
    assert.equal(await fireHook(daemon, agent, { event, payload: "{}" }), UNTROUBLED);
  };
  process.kill(stop, "SIGSTOP");
  let over = false;
  const paused = pause().finally(() => {
    over = true;
  });
  try {
    while (!over) await fire();
    await paused;
  } finally {
    process.kill(stop, "SIGCONT");
  }
  for (let i = 0; i < 20; i++) await fire();
  return events;
}

/** Writes files as `ao-run` does, with pids no process has. */
function spoolMany(
  daemon: RealDaemon,
  { launchId }: ChaosAgent,
  { count, first }: { count: number; first: number },
): string[] {
  const { spoolDir } = daemon.paths;
  return Array.from({ length: count }, (_, index) => {
    const event = `m${first + index}`;
    const temporary = join(spoolDir, `.${launchId}.many`);
    writeFileSync(temporary, "{}");
    renameSync(temporary, join(spoolDir, `${launchId}.5000000-${first + index}.${event}`));
    return event;
  });
}
