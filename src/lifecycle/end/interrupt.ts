import { AoError } from "../../core/errors.ts";
import type { ScreenReading } from "../../core/ports/harnesses.ts";
import type { Session } from "../../core/session.ts";
import { showsDialog } from "../../core/shows-dialog.ts";
import type { LifecycleDeps } from "../deps.ts";
import { requireRunning } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";
import { requireScreen } from "../screen-of.ts";
import { statusOf } from "../views.ts";
import { waitForSession } from "../wait.ts";
import { answerRequest } from "./answer.ts";

/** How long the agent may take to show that it was stopped, and how often its keys are pressed. */
const STOP_MS = 1500;
const STOP_ATTEMPTS = 3;

/**
 * Presses the harness's interrupt keys if a turn runs; true when it did.
 *
 * Presses again while the screen shows neither composer nor dialog: two Escapes that a busy machine hands to the agent
 * at once are another key to it. Never at an idle composer, where codex and claude open a menu on a second Escape.
 */
export async function interruptTurn(deps: LifecycleDeps, session: Session): Promise<boolean> {
  requireRunning(session, statusOf(session, deps.harnesses, deps.clock.now()).status);
  const { state } = session.facts.activity;
  if (state !== "active" && !showsDialog(session.facts)) return false;
  const { keys } = deps.harnesses.get(session.harness);
  if (session.runtime === "process" || keys.interrupt.length === 0) {
    throw new AoError("UNSUPPORTED", {
      subject: `session "${session.id}"`,
      what: "interrupting a turn",
      hint: `End it instead: \`ao session kill ${session.id}\`.`,
    });
  }
  if (keys.confirmDenial && showsDialog(session.facts) && session.facts.requests[0]?.kind === "permission") {
    // Its keys would open the question behind the dialog and close it again.
    await answerRequest(deps, session, { requestId: "", answer: "deny" });
    return true;
  }
  for (let attempt = 1; attempt <= STOP_ATTEMPTS; attempt += 1) {
    await deps.runtimes[session.runtime].press(handleOf(deps, session), keys.interrupt);
    if (await hasStopped(deps, session)) break;
  }
  return true;
}

async function hasStopped(deps: LifecycleDeps, session: Session): Promise<boolean> {
  const isOver = ({ facts }: Session) =>
    facts.launchId !== session.facts.launchId || !["active", "blocked"].includes(facts.activity.state);
  const signal = AbortSignal.timeout(STOP_MS);
  if (await waitForSession(deps.book, session.id, isOver, { timeoutMs: STOP_MS, signal })) return true;
  return (await screenKind(deps, session)) !== "unknown";
}

async function screenKind(deps: LifecycleDeps, session: Session): Promise<ScreenReading["kind"]> {
  const screen = await requireScreen(deps, session);
  return deps.harnesses.get(session.harness).readScreen(screen).kind;
}
