import { AoError } from "../core/errors.ts";
import type { TerminalLook } from "../core/ports/runtime.ts";
import type { Session } from "../core/session.ts";
import type { LifecycleDeps, WatchDeps } from "./deps.ts";
import { handleOf } from "./new-launch.ts";

const LINES = 60;

/** The last 60 lines of the session's terminal, as plain text; undefined when it is gone. */
export function screenOf(
  deps: Pick<WatchDeps, "runtimes" | "paths">,
  session: Session,
): Promise<string | undefined> {
  return deps.runtimes[session.runtime].capture(handleOf(deps, session), LINES);
}

/** The same; throws TERMINAL_GONE. */
export async function requireScreen(deps: LifecycleDeps, session: Session): Promise<string> {
  const text = await screenOf(deps, session);
  if (text === undefined) throw new AoError("TERMINAL_GONE", { session: session.id });
  return text;
}

/** The same lines, with where the cursor is and who is at the keyboard; undefined when it is gone. */
export function lookAtScreen(deps: LifecycleDeps, session: Session): Promise<TerminalLook | undefined> {
  return deps.runtimes[session.runtime].look(handleOf(deps, session), LINES);
}
