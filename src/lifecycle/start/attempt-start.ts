import { AoError } from "../../core/errors.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { ownSignal } from "../own-signals.ts";
import { createUndoStack, type UndoStack } from "./undo-stack.ts";

/**
 * Runs what starts a launch that is under way. A failure is undone, said in the row, and thrown: SPAWN_FAILED where it is
 * no typed error already.
 */
export async function attemptStart(
  deps: LifecycleDeps,
  session: Session,
  start: (undo: UndoStack) => Promise<void>,
): Promise<void> {
  const undo = createUndoStack(deps.log, { sessionId: session.id });
  try {
    await start(undo);
  } catch (error) {
    await undo.run();
    deps.log.error({ sessionId: session.id, err: error }, "the launch could not be started");
    const failure = asSpawnError(session.id, error);
    await reportNotStarted(deps, session, failure.message);
    throw failure;
  } finally {
    deps.underway.delete(session.facts.launchId);
  }
}

/** Says in the row why nothing of its launch ever ran. */
export async function reportNotStarted(
  deps: Pick<LifecycleDeps, "book" | "clock">,
  session: Session,
  message: string,
): Promise<void> {
  const observedTime = deps.clock.now();
  await deps.book.report([
    ownSignal(session, { kind: "request", meaning: "spawn_failed", observedTime, fields: { message } }),
  ]);
}

function asSpawnError(sessionId: string, error: unknown): AoError {
  if (error instanceof AoError) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return new AoError("SPAWN_FAILED", { session: sessionId, problem }, error);
}
