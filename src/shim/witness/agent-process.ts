import { PROCESS_EVENTS } from "../../core/launch-manifest.ts";
import type { Signal } from "../../core/signal.ts";
import type { WitnessedLaunch } from "../witness-source.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** The agent's process as the launch tells it; undefined before the launcher has reported it. */
export function processOf({ pid, pidStartTicks }: WitnessedLaunch): ProcessIdentity | undefined {
  return pid === undefined ? undefined : { pid, startTicks: pidStartTicks };
}

/** The agent's process as a passing signal tells it: only the launcher's own record does. */
export function processIn({ kind, event, fields }: Signal): ProcessIdentity | undefined {
  if (kind !== "process" || event !== PROCESS_EVENTS.started || fields.pid === undefined) return undefined;
  return { pid: fields.pid, startTicks: fields.pidStartTicks };
}
