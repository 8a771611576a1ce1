import { AoError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../../core/ports/runtime.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { endHelpers } from "../end/end-helpers.ts";
import { processOf } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";

/** How long what an ended launch has left behind may take to end: qwen 0.24.4 behind a killed launcher takes 4 s (seen). */
const PATIENCE_MS = 15_000;
const LOOK_MS = 250;

/**
 * Waits until no process of an ended launch is left: a second agent beside it would work on the same tree, and in the
 * same conversation. Puts its terminal away, which is the end of most.
 *
 * Throws SESSION_RUNNING when its own process lives after all, PROCESSES_LEFT when others still do after 15 s.
 */
export async function awaitNoLeftovers(deps: LifecycleDeps, session: Session): Promise<void> {
  const identity = processOf(session);
  if (identity && (await deps.processes.probe(identity)) === "alive")
    throw new AoError("SESSION_RUNNING", { session: session.id });
  // The ended launch's terminal carries the session's tag as well.
  await deps.runtimes[session.runtime].dispose(handleOf(deps, session));
  await endHelpers(deps, session);
  const end = deps.clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const left = await deps.processes.findByTag({ sessionId: session.id });
    if (left.length === 0) return;
    if (deps.clock.monotonic() >= end) throw processesLeft(session, left);
    await new Promise<void>((resolve) => void deps.clock.after(LOOK_MS, resolve));
  }
}

function processesLeft({ id }: Session, left: readonly ProcessIdentity[]): AoError {
  return new AoError("PROCESSES_LEFT", { session: id, pids: left.map(({ pid }) => pid).join(", ") });
}
