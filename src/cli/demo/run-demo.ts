import type { AoClient, SessionInfo } from "../client-types.ts";
import { ensureDaemon } from "../ensure-daemon.ts";
import { endDaemon, stopDaemon } from "../stop-daemon.ts";
import { createDemoHome, type DemoHome } from "./demo-home.ts";
import { createDemoRepository } from "./demo-repository.ts";
import { endDemoSessions, reachDemoStates, spawnDemoSessions } from "./demo-sessions.ts";

/** A demo that runs: three agents under a daemon of their own. */
export interface Demo {
  client: AoClient;
  home: DemoHome;
  spawned: readonly SessionInfo[];
  /** Waits until one works, one asks and one has finished. */
  reachStates(): Promise<SessionInfo[]>;
}

/** How to run a demo. */
export interface DemoOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Program of the daemon. */
  daemonMain: string;
  /** Called with each step, for people. */
  onStep: (text: string) => void;
  signal: AbortSignal;
}

/** Sets a demo up, hands it to `show`, and takes everything away again, whatever happened. */
export async function withDemo<T>(options: DemoOptions, show: (demo: Demo) => Promise<T>): Promise<T> {
  const { onStep, signal } = options;
  const home = await createDemoHome(options.env);
  const launched: number[] = [];
  let client: AoClient | undefined;
  try {
    onStep(`making a repository in ${home.directory}`);
    await createDemoRepository(home.repository, { env: home.env, signal });
    onStep("starting a daemon of its own");
    client = await ensureDaemon({
      paths: home.paths,
      env: home.env,
      daemonMain: options.daemonMain,
      onLaunch: (pid) => launched.push(pid),
    });
    const running = client;
    signal.throwIfAborted();
    onStep("starting three agents: one works, one asks, one finishes");
    const spawned = await spawnDemoSessions(client, { repository: home.repository, env: home.env, signal });
    const reachStates = () => reachDemoStates(running, spawned, signal);
    return await show({ client, home, spawned, reachStates });
  } finally {
    onStep("cleaning up");
    await cleanUp({ home, client, launched });
  }
}

/** Each step is tried whatever became of the one before; the first failure is told at the end. */
async function cleanUp(demo: {
  home: DemoHome;
  client: AoClient | undefined;
  launched: readonly number[];
}): Promise<void> {
  const { home, client, launched } = demo;
  const steps = [
    async () => client && endDemoSessions(client),
    async () => client?.close(),
    async () => stopDaemon(home.paths),
    async () => Promise.all(launched.map(endDaemon)),
    async () => home.remove(),
  ];
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
