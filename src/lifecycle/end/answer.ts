import { AoError } from "../../core/errors.ts";
import type { Harness, ScreenReading } from "../../core/ports/harnesses.ts";
import type { PendingRequest, Session } from "../../core/session.ts";
import { shownLines } from "../../core/text/shown-lines.ts";
import type { LifecycleDeps } from "../deps.ts";
import { requireRunning } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";
import { requireScreen } from "../screen-of.ts";
import { statusOf } from "../views.ts";
import { waitForSession } from "../wait.ts";

/** What a person decides. */
export type Decision = "approve" | "deny";

/** How long a dialog must stand before a key is pressed, and how long it may take to be drawn. */
const DIALOG_STANDS_MS = 300;
const DIALOG_MS = 3000;

/** How long a key may take to show, how often that is looked for, and how often the key is pressed. */
const TAKEN_MS = 2000;
const LOOK_MS = 100;
const ATTEMPTS = 3;

/** A dialog stands at the end of its screen. */
const DIALOG_LINES = 14;

/** A decision under way. */
interface Answering {
  deps: LifecycleDeps;
  session: Session;
  harness: Harness;
  request: PendingRequest;
  answer: Decision;
}

/** What stands on the terminal. */
interface Shown {
  reading: ScreenReading;
  /** Its end, without what moves by itself. */
  text: string;
  /** The keys of the answer there. */
  keys: readonly string[];
}

/** Answers the open request with the keys its harness declares, and sees that they are taken. */
export async function answerRequest(
  deps: LifecycleDeps,
  session: Session,
  asked: { requestId: string; answer: Decision },
): Promise<void> {
  const { answer } = asked;
  const request = openRequest(deps, session, asked.requestId);
  const harness = deps.harnesses.get(session.harness);
  const isPermission = request.kind === "permission" || answer === "deny";
  const answering: Answering = { deps, session, harness, request, answer };
  const hasKeys = harness.answerKeys(answer, "") !== undefined;
  if (!hasKeys || !isPermission || session.runtime === "process") throw notForYou(answering);
  await awaitDialog(answering);
  await pressUntilTaken(answering);
}

/** The dialog on screen is the oldest request's: keys for another one would decide the wrong thing. */
function openRequest(deps: LifecycleDeps, session: Session, requestId: string): PendingRequest {
  const { status } = statusOf(session, deps.harnesses, deps.clock.now());
  requireRunning(session, status);
  const [oldest] = session.facts.requests;
  if (session.facts.activity.state !== "blocked" || !oldest)
    throw new AoError("NOT_BLOCKED", { session: session.id, status });
  if (requestId && oldest.requestId !== requestId)
    throw new AoError("REQUEST_NOT_FOUND", { session: session.id, request: requestId });
  return oldest;
}

/**
 * Waits until the request's dialog has stood on screen for a moment: it is drawn after its hook was run, and claude
 * 2.1.330 ignores keys for the first 100 ms (seen). Throws NOT_BLOCKED when the request is over or never shown.
 */
async function awaitDialog(answering: Answering): Promise<void> {
  const { deps, session } = answering;
  const signal = AbortSignal.timeout(DIALOG_MS);
  let looks = 0;
  while (!signal.aborted) {
    looks = (await lookAt(answering)).reading.kind === "dialog" ? looks + 1 : 0;
    if (looks > 1) return;
    if (await isOver(answering, DIALOG_STANDS_MS)) break;
  }
  const current = (await deps.book.get(session.id)) ?? session;
  const { status } = statusOf(current, deps.harnesses, deps.clock.now());
  throw new AoError("NOT_BLOCKED", { session: session.id, status });
}

/**
 * Presses as a person does: again while the very same dialog stands, because a busy program can lose a key (seen), and
 * another key where it asks back. Approving again needs the agent's own word of answers: without it the dialog that
 * stands may be the next one, about the same thing.
 */
async function pressUntilTaken(answering: Answering): Promise<void> {
  const { harness, answer } = answering;
  const attempts = answer === "deny" || tellsAnswers(harness) ? ATTEMPTS : 1;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const shown = await lookAt(answering);
    if (answer === "approve" && isDenial(shown)) throw notTaken(answering, "it is being denied there");
    if (!isDenial(shown) && shown.keys.length === 0) throw notForYou(answering);
    if (!isDenial(shown)) await press(answering, shown.keys);
    if (await isTaken(answering, shown)) return;
  }
  throw notTaken(answering, "its dialog still stands");
}

/** True once the request is over, its dialog is gone, or another one stands there; confirms a denial on the way. */
async function isTaken(answering: Answering, shown: Shown): Promise<boolean> {
  const { harness, answer } = answering;
  let end = performance.now() + TAKEN_MS;
  let denialSince: number | undefined;
  let now = shown;
  while (performance.now() < end) {
    if (await isOver(answering, LOOK_MS)) return true;
    now = await lookAt(answering);
    if (now.reading.kind !== "dialog") return true;
    denialSince = isDenial(now) ? (denialSince ?? performance.now()) : undefined;
    // A key that is late would take it back, and the confirming one would then approve: it must stand.
    if (answer !== "deny" || !denialSince || performance.now() - denialSince < DIALOG_STANDS_MS) continue;
    await press(answering, harness.keys.confirmDenial);
    end = performance.now() + TAKEN_MS;
    denialSince = Number.POSITIVE_INFINITY;
  }
  return now.text !== shown.text && !isDenial(now);
}

function press({ deps, session }: Answering, keys: readonly string[] = []): Promise<void> {
  return deps.runtimes[session.runtime].press(handleOf(deps, session), keys);
}

async function isOver({ deps, session, request }: Answering, timeoutMs: number): Promise<boolean> {
  const over = ({ facts: { launchId, requests } }: Session) =>
    launchId !== session.facts.launchId || !isStill(requests[0], request);
  const signal = AbortSignal.timeout(timeoutMs);
  return (await waitForSession(deps.book, session.id, over, { timeoutMs, signal })) !== undefined;
}

/** A hook that comes after the witness showed its dialog completes the request, id and all; it never makes it younger. */
function isStill(oldest: PendingRequest | undefined, request: PendingRequest): boolean {
  return oldest?.requestId === request.requestId || (oldest !== undefined && oldest.since <= request.since);
}

async function lookAt({ deps, session, harness, answer }: Answering): Promise<Shown> {
  const screen = await requireScreen(deps, session);
  // Braille letters are spinners, and seconds are counted: they turn above a dialog that stands still.
  const text = shownLines(screen)
    .slice(-DIALOG_LINES)
    .join("\n")
    .replace(/[\u2800-\u28ff]|\d+(?:\.\d+)?s\b/g, "");
  return { reading: harness.readScreen(screen), text, keys: harness.answerKeys(answer, screen) ?? [] };
}

function isDenial({ reading }: Shown): boolean {
  return reading.kind === "dialog" && reading.denial === true;
}

function tellsAnswers({ events, traits }: Harness): boolean {
  return !traits.silentAnswers && events.some(({ meaning }) => meaning === "request_answered");
}

/** No key is known for it, or the dialog that stands there has no such answer. */
function notForYou({ session, harness, request }: Answering): AoError {
  return new AoError("UNSUPPORTED", {
    subject: `harness "${harness.id}"`,
    what: `answering ${request.kind === "permission" ? "this permission" : `a ${request.kind}`} for you`,
    hint: `Answer it yourself: \`ao attach ${session.id}\`.`,
  });
}

function notTaken({ session, answer }: Answering, problem: string): AoError {
  return new AoError("ANSWER_NOT_TAKEN", { session: session.id, answer, problem });
}
