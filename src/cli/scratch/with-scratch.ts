import type { AoClient } from "../client-types.ts";
import { ensureDaemon } from "../ensure-daemon.ts";
import { endDaemon, stopDaemon } from "../stop-daemon.ts";
import { createScratchHome, type ScratchHome, type ScratchPlan } from "./scratch-home.ts";
import { createScratchRepository } from "./scratch-repository.ts";

/** A daemon of its own, with a repository to work in. */
export interface Scratch {
  client: AoClient;
  home: ScratchHome;
}

/** How to make one. */
export interface ScratchOptions extends ScratchPlan {
  /** Program of the daemon. */
  daemonMain: string;
  /** Called with each step, for people. */
  onStep: (text: string) => void;
  signal: AbortSignal;
}

/** Sets it up, hands it to `use`, and takes everything away again, whatever happened. */
export async function withScratch<T>(
  options: ScratchOptions,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const { onStep, signal } = options;
  const home = await createScratchHome(options);
  const launched: number[] = [];
  let client: AoClient | undefined;
  try {
    onStep(`making a repository in ${home.directory}`);
    await createScratchRepository(home.repository, { env: home.env, signal });
    onStep("starting a daemon of its own");
    client = await ensureDaemon({
      paths: home.paths,
      env: home.env,
      daemonMain: options.daemonMain,
      onLaunch: (pid) => launched.push(pid),
    });
    signal.throwIfAborted();
    return await use({ client, home });
  } finally {
    onStep("cleaning up");
    await cleanUp({ home, client, launched });
  }
}

/** Each step is tried whatever became of the one before; the first failure is told at the end. */
async function cleanUp(scratch: {
  home: ScratchHome;
  client: AoClient | undefined;
  launched: readonly number[];
}): Promise<void> {
  const { home, client, launched } = scratch;
  const steps = [
    async () => client && endSessions(client),
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

/** Ends the agents and removes the sessions, their terminals with them. */
async function endSessions(client: AoClient): Promise<void> {
  const { sessions } = await client.sessions.list({ pageSize: 500 });
  await Promise.all(
    sessions.map(async ({ id }) => {
      await client.sessions.kill({ sessionId: id, graceMs: 1000 });
      await client.sessions.remove(id);
    }),
  );
}
