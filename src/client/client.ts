import { type ActivityCalls, createActivityCalls } from "./activity.ts";
import { type ConnectOptions, connect } from "./connection.ts";
import { createDaemonCalls, type DaemonCalls } from "./daemon.ts";
import { createHarnessCalls, type HarnessCalls } from "./harnesses.ts";
import { createProjectCalls, type ProjectCalls } from "./projects.ts";
import { createSalvageCalls, type SalvageCalls } from "./salvages.ts";
import { createSessionCalls, type SessionCalls } from "./sessions.ts";

/** Every call of the daemon. */
export interface AoClient {
  readonly projects: ProjectCalls;
  readonly sessions: SessionCalls;
  readonly salvages: SalvageCalls;
  readonly activity: ActivityCalls;
  readonly harnesses: HarnessCalls;
  readonly daemon: DaemonCalls;
  close(): void;
}

/**
 * Makes a client of all services; nothing is sent before the first call.
 *
 * A process that counts milliseconds takes `connect` and only the `create…Calls` it needs: each loads its own service.
 */
export function createClient(options: ConnectOptions): AoClient {
  const connection = connect(options);
  return {
    projects: createProjectCalls(connection),
    sessions: createSessionCalls(connection),
    salvages: createSalvageCalls(connection),
    activity: createActivityCalls(connection),
    harnesses: createHarnessCalls(connection),
    daemon: createDaemonCalls(connection),
    close: () => connection.close(),
  };
}
