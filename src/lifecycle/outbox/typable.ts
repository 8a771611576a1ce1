import { AoError } from "../../core/errors.ts";
import type { Harness } from "../../core/ports/harnesses.ts";
import type { TerminalLook } from "../../core/ports/runtime.ts";
import type { Session } from "../../core/session.ts";
import { showsDialog } from "../../core/shows-dialog.ts";
import { NO_SIGNAL_MS } from "../../core/status.ts";
import type { LifecycleDeps } from "../deps.ts";
import { interruptTurn } from "../end/interrupt.ts";
import { lookAtScreen } from "../screen-of.ts";
import { statusOf } from "../views.ts";
import { type Delivery, liveSession, pause, timeLeft } from "./delivery.ts";
import { clearReturnedPrompt } from "./returned-prompt.ts";
import { terminalInUse } from "./terminal-owner.ts";

const DRAFT_QUOTED = 60;

/** What stands in the way of typing; it may pass. */
interface Obstacle {
  /** What the sender is told when it does not pass in time. */
  error: AoError;
  /** True when nothing but the terminal can tell that it is over. */
  onScreen: boolean;
  /** Nothing else stands in the way, yet the screen shows no composer that ao can read. */
  unseen?: boolean;
}

/** Waits until the message may be typed; the look that showed it. Throws what still stood in the way at the end. */
export async function becomesTypable(delivery: Delivery): Promise<{ session: Session; look: TerminalLook }> {
  await interruptFirst(delivery);
  let unseenSince: number | undefined;
  for (;;) {
    const session = await requireSession(delivery);
    // An agent whose composer ao can read and does not see may be drawing it.
    const blind = unseenSince !== undefined && performance.now() - unseenSince > delivery.pace.appear;
    const seen = await lookForObstacle(delivery, session, blind);
    if ("look" in seen) return { session, look: seen.look };
    unseenSince = seen.unseen ? (unseenSince ?? performance.now()) : undefined;
    const left = timeLeft(delivery);
    if (left <= 0) throw seen.error;
    const detail = `waits: ${seen.error.message}`;
    if (detail !== delivery.message.detail) await delivery.write({ detail });
    await pause(delivery, Math.min(left, seen.onScreen ? delivery.pace.look : 1000));
  }
}

/** Stops the turn once, whatever becomes of the daemon: from here on the message waits like any other. */
async function interruptFirst(delivery: Delivery): Promise<void> {
  if (delivery.message.whenBusy !== "interrupt") return;
  const session = await requireSession(delivery);
  await delivery.write({ whenBusy: "wait" });
  if (session.facts.activity.state === "active") await interruptTurn(delivery.deps, session);
}

async function requireSession(delivery: Delivery): Promise<Session> {
  const session = await liveSession(delivery);
  if (session) return session;
  const { deps, message } = delivery;
  const now = await deps.book.get(message.sessionId);
  if (!now) throw new AoError("SESSION_NOT_FOUND", { session: message.sessionId });
  const restarted = now.facts.launchId !== message.launchId;
  const status = restarted ? "started again since" : statusOf(now, deps.harnesses, deps.clock.now()).status;
  throw new AoError("SESSION_NOT_RUNNING", { session: now.id, status });
}

async function lookForObstacle(
  delivery: Delivery,
  session: Session,
  blind: boolean,
): Promise<Obstacle | { look: TerminalLook }> {
  const busy = turnObstacle(delivery, session);
  if (busy) return { error: busy, onScreen: false };
  const { deps } = delivery;
  const look = await lookAtScreen(deps, session);
  if (!look) return terminalObstacle(session);
  const error =
    (await terminalInUse(deps, session, look)) ??
    dialogOnScreen(delivery, session, look) ??
    silentObstacle(delivery, session, look);
  if (error) return { error, onScreen: true };
  return (await composerObstacle(delivery, session, { look, blind })) ?? { look };
}

/** Of a launch that is starting the terminal is still to come; should it never, the launch ends. */
function terminalObstacle({ id, facts }: Session): Obstacle {
  if (facts.process.state !== "starting") throw new AoError("TERMINAL_GONE", { session: id });
  const problem = "its terminal is still being started";
  return { error: new AoError("AGENT_NOT_LISTENING", { session: id, problem }), onScreen: true };
}

/** What the session's own facts say. */
function turnObstacle({ deps, message }: Delivery, session: Session): AoError | undefined {
  const { state } = session.facts.activity;
  if (showsDialog(session.facts)) return new AoError("SESSION_BLOCKED", { session: session.id });
  if (message.whenBusy === "queue" && state === "active") return undefined;
  if (onlyScreenTells(deps, session)) return undefined;
  const { status } = statusOf(session, deps.harnesses, deps.clock.now());
  const isTypable = status === "idle" || status === "needs_input";
  return isTypable ? undefined : new AoError("SESSION_BUSY", { session: session.id, status });
}

/** An agent without hooks never says that it is idle, and one that waits for the prompt to be typed not yet. */
function onlyScreenTells({ harnesses }: LifecycleDeps, session: Session): boolean {
  const { promptPending, promptTyped = false } = session.facts;
  return !harnesses.get(session.harness).traits.hooks || (promptPending && promptTyped);
}

/** Where only the screen tells, the text waits until it shows the composer. */
function silentObstacle({ deps }: Delivery, session: Session, look: TerminalLook): AoError | undefined {
  if (!onlyScreenTells(deps, session) && !isTakenForIdle(deps, session)) return undefined;
  if (deps.harnesses.get(session.harness).readScreen(look.text).kind === "ready") return undefined;
  return new AoError("AGENT_NOT_LISTENING", { session: session.id, problem: "no composer is to be seen" });
}

/** SESSION_BLOCKED when the screen shows a dialog or a gate: a key would answer it. */
export function dialogOnScreen(
  { deps }: Delivery,
  session: Session,
  look: TerminalLook,
): AoError | undefined {
  const { kind } = deps.harnesses.get(session.harness).readScreen(look.text);
  const isDialog = kind === "dialog" || kind === "gate";
  return isDialog ? new AoError("SESSION_BLOCKED", { session: session.id }) : undefined;
}

/** It says nothing before its first prompt, and its composer was not seen: the status rests on its age alone. */
function isTakenForIdle({ harnesses, clock }: LifecycleDeps, { harness, facts }: Session): boolean {
  const { firstSignal } = harnesses.get(harness).traits;
  const hasShown = facts.receiptTime ?? facts.witnessTime ?? facts.readyTime;
  if (firstSignal !== "prompt" || hasShown !== undefined) return false;
  return clock.now() - (facts.process.runningTime ?? facts.launchTime) < NO_SIGNAL_MS;
}

async function composerObstacle(
  { deps, knownComposers }: Delivery,
  session: Session,
  seen: { look: TerminalLook; blind: boolean },
): Promise<Obstacle | undefined> {
  const harness = deps.harnesses.get(session.harness);
  const draft = harness.readComposer(seen.look.text);
  if (draft !== undefined) knownComposers.note(session);
  if (draft === "") return undefined;
  if (!harness.readsComposer) return firstKeysObstacle(harness, session, seen);
  if (draft === undefined && knownComposers.has(session)) return unseen(session, COVERED);
  if (draft === undefined)
    return seen.blind ? blankObstacle(session, seen.look) : unseen(session, NO_COMPOSER);
  await clearReturnedPrompt(deps, session);
  const quoted = draft.slice(0, DRAFT_QUOTED);
  return {
    error: new AoError("COMPOSER_IN_USE", { session: session.id, draft: quoted }),
    onScreen: true,
  };
}

/** Hooks may tell of an agent before it reads keys: where no composer is read, the first text waits for the screen's sign. */
function firstKeysObstacle(
  { readsReady, readScreen }: Harness,
  session: Session,
  { look, blind }: { look: TerminalLook; blind: boolean },
): Obstacle | undefined {
  const { promptTime = 0, launchTime } = session.facts;
  if (!readsReady || promptTime >= launchTime || readScreen(look.text).kind === "ready") return undefined;
  return blind ? blankObstacle(session, look) : unseen(session, NO_COMPOSER);
}

const NO_COMPOSER = "no composer is to be seen";
/** A panel or a list of the agent's own: what is typed goes there, and is lost (qwen's `/stats`, seen). */
const COVERED = "something covers its composer";

/**
 * A composer may look unlike the one ao knows, but it is drawn: what is typed at an empty screen goes nowhere (opencode
 * on a busy machine tells of itself 15 s before it draws and reads, seen).
 */
function blankObstacle(session: Session, { text }: TerminalLook): Obstacle | undefined {
  return text.trim() === "" ? unseen(session, "it has drawn nothing yet") : undefined;
}

function unseen(session: Session, problem: string): Obstacle {
  const error = new AoError("AGENT_NOT_LISTENING", { session: session.id, problem });
  return { error, onScreen: true, unseen: true };
}
