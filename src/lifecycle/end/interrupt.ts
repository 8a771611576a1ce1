import { AoError } from "../../core/errors.ts";
import type { ScreenReading } from "../../core/ports/harnesses.ts";
import type { PendingRequest, Session } from "../../core/session.ts";
import { showsDialog } from "../../core/shows-dialog.ts";
import type { LifecycleDeps } from "../deps.ts";
import { requireRunning } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";
import { statusOf } from "../views.ts";
import { waitForSession } from "../wait.ts";

/** How long a dialog must stand before a key is pressed, and how long it may take to be drawn. */
const DIALOG_STANDS_MS = 300;
const DIALOG_MS = 3000;

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

/** Answers the open request with the keys its harness declares, once its dialog stands on screen. */
export async function answerRequest(
  deps: LifecycleDeps,
  session: Session,
  request: { requestId: string; answer: "approve" | "deny" },
): Promise<void> {
  const { status } = statusOf(session, deps.harnesses, deps.clock.now());
  requireRunning(session, status);
  const open = session.facts.requests;
  if (session.facts.activity.state !== "blocked" || !open[0]) {
    throw new AoError("NOT_BLOCKED", { session: session.id, status });
  }
  // The dialog on screen is the oldest request's: keys for another one would decide the wrong thing.
  if (request.requestId && open[0].requestId !== request.requestId) {
    throw new AoError("REQUEST_NOT_FOUND", { session: session.id, request: request.requestId });
  }
  const harness = deps.harnesses.get(session.harness);
  const keys = harness.keys[request.answer];
  const isPermission = open[0].kind === "permission" || request.answer === "deny";
  if (!keys?.length || !isPermission || session.runtime === "process") {
    throw new AoError("UNSUPPORTED", {
      subject: `harness "${harness.id}"`,
      what: `answering a ${open[0].kind} for you`,
      hint: `Answer it yourself: \`ao attach ${session.id}\`.`,
    });
  }
  await awaitDialog(deps, session, open[0]);
  await deps.runtimes[session.runtime].press(handleOf(deps, session), keys);
}

/**
 * Waits until the request's dialog has stood on screen for a moment: it is drawn after its hook was run, and claude
 * 2.1.330 ignores keys for the first 100 ms (seen). Throws NOT_BLOCKED when the request is over or never shown.
 */
async function awaitDialog(deps: LifecycleDeps, session: Session, request: PendingRequest): Promise<void> {
  const isOver = ({ facts: { launchId, requests } }: Session) =>
    launchId !== session.facts.launchId || !isStill(requests[0], request);
  const signal = AbortSignal.timeout(DIALOG_MS);
  let looks = 0;
  while (!signal.aborted) {
    looks = (await screenKind(deps, session)) === "dialog" ? looks + 1 : 0;
    if (looks > 1) return;
    if (await waitForSession(deps.book, session.id, isOver, { timeoutMs: DIALOG_STANDS_MS, signal })) break;
  }
  const current = (await deps.book.get(session.id)) ?? session;
  const { status } = statusOf(current, deps.harnesses, deps.clock.now());
  throw new AoError("NOT_BLOCKED", { session: session.id, status });
}

/** A hook that comes after the witness showed its dialog completes the request, id and all; it never makes it younger. */
function isStill(oldest: PendingRequest | undefined, request: PendingRequest): boolean {
  return oldest?.requestId === request.requestId || (oldest !== undefined && oldest.since <= request.since);
}

async function screenKind(deps: LifecycleDeps, session: Session): Promise<ScreenReading["kind"]> {
  const screen = await deps.runtimes[session.runtime].capture(handleOf(deps, session), 60);
  if (screen === undefined) throw new AoError("TERMINAL_GONE", { session: session.id });
  return deps.harnesses.get(session.harness).readScreen(screen).kind;
}
