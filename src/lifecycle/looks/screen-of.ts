import type { Session } from "../../core/session.ts";
import type { WatchDeps } from "../deps.ts";
import { handleOf } from "../new-launch.ts";

const LINES = 60;

/** The last 60 lines of the session's terminal, as plain text; undefined when it is gone. */
export function screenOf(
  deps: Pick<WatchDeps, "runtimes" | "paths">,
  session: Session,
): Promise<string | undefined> {
  return deps.runtimes[session.runtime].capture(handleOf(deps, session), LINES);
}
