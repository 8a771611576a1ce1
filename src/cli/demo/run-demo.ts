import type { AoClient, SessionInfo } from "../client-types.ts";
import type { ScratchHome } from "../scratch/scratch-home.ts";
import { type ScratchOptions, withScratch } from "../scratch/with-scratch.ts";
import { reachDemoStates, spawnDemoSessions } from "./demo-sessions.ts";

/** A demo that runs: three agents under a daemon of their own. */
export interface Demo {
  client: AoClient;
  home: ScratchHome;
  spawned: readonly SessionInfo[];
  /** Waits until one works, one asks and one has finished. */
  reachStates(): Promise<SessionInfo[]>;
}

/** Sets a demo up, hands it to `show`, and takes everything away again, whatever happened. */
export function withDemo<T>(
  options: Omit<ScratchOptions, "name" | "usersHome">,
  show: (demo: Demo) => Promise<T>,
): Promise<T> {
  const { onStep, signal } = options;
  return withScratch({ ...options, name: "ao-demo", usersHome: false }, async ({ client, home }) => {
    onStep("starting three agents: one works, one asks, one finishes");
    const spawned = await spawnDemoSessions(client, { repository: home.repository, env: home.env, signal });
    const reachStates = () => reachDemoStates(client, spawned, signal);
    return show({ client, home, spawned, reachStates });
  });
}
