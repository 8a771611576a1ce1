import { AoError } from "../core/errors.ts";
import type { Runtime } from "../core/ports/runtime.ts";
import type { Session } from "../core/session.ts";
import type { SendRequest, SendStage } from "./api.ts";
import type { LifecycleDeps } from "./deps.ts";
import { interruptTurn } from "./interrupt.ts";
import { requireRunning } from "./lookups.ts";
import { handleOf } from "./new-launch.ts";
import { clearReturnedPrompt } from "./returned-prompt.ts";
import { statusOf } from "./views.ts";
import { waitForSession } from "./wait.ts";

/** Between paste and Enter: below 0.5 s gemini and qwen lose the Enter or send a literal paste marker (seen). */
const PASTE_SETTLE_MS = 600;
/** For the agent's own prompt event after Enter. */
const ACKNOWLEDGE_MS = 4000;
const ENTER_ATTEMPTS = 3;

/** Types a message and submits it; never types into a dialog, never presses Enter without looking again. */
export async function sendMessage(
  deps: LifecycleDeps,
  session: Session,
  request: SendRequest,
  signal: AbortSignal,
): Promise<{ stage: SendStage; detail: string }> {
  const runtime = deps.runtimes[session.runtime];
  if (session.runtime === "process") {
    throw new AoError("UNSUPPORTED", {
      subject: `session "${session.id}"`,
      what: "messages, because it has no terminal",
      hint: "Spawn it with `--runtime tmux` to talk to it.",
    });
  }
  requireRunning(session, statusOf(session, deps.harnesses, deps.clock.now()).status);
  await waitUntilTypable(deps, session, request, signal);
  await clearReturnedPrompt(deps, (await deps.book.get(session.id)) ?? session);
  const terminal = { runtime, handle: handleOf(deps, session) };
  await runtime.paste(terminal.handle, request.text);
  const typedTime = deps.clock.now();
  return submit(deps, { session, terminal, typedTime, text: request.text }, signal);
}

async function waitUntilTypable(
  deps: LifecycleDeps,
  session: Session,
  request: SendRequest,
  signal: AbortSignal,
): Promise<void> {
  refuseBlocked(session);
  if (request.whenBusy === "queue" && session.facts.activity.state === "active") return;
  if (request.whenBusy === "interrupt") await interruptTurn(deps, session);
  const settled = await waitForSession(
    deps.book,
    session.id,
    (current) =>
      ["idle", "needs_input"].includes(statusOf(current, deps.harnesses, deps.clock.now()).status) ||
      hasEnded(current),
    { timeoutMs: request.waitTimeoutMs, signal },
  );
  const now = settled ?? (await deps.book.get(session.id)) ?? session;
  const { status } = statusOf(now, deps.harnesses, deps.clock.now());
  requireRunning(now, status);
  refuseBlocked(now);
  if (!settled) throw new AoError("SESSION_BUSY", { session: session.id, status });
}

interface Typed {
  session: Session;
  terminal: { runtime: Runtime; handle: string };
  typedTime: number;
  text: string;
}

async function submit(deps: LifecycleDeps, typed: Typed, signal: AbortSignal) {
  let submitted = false;
  for (let attempt = 1; attempt <= ENTER_ATTEMPTS; attempt += 1) {
    // The pause is the agent's: its composer needs it to take the paste as text.
    await waitForSession(deps.book, typed.session.id, isBlocked, { timeoutMs: PASTE_SETTLE_MS, signal });
    const obstacle = await obstacleToEnter(deps, typed);
    if (obstacle) return { stage: submitted ? ("submitted" as const) : ("typed" as const), detail: obstacle };
    if (submitted && !(await stillInComposer(typed))) break;
    await typed.terminal.runtime.press(typed.terminal.handle, ["Enter"]);
    submitted = true;
    if (await acknowledged(deps, typed, signal)) return { stage: "acknowledged" as const, detail: "" };
  }
  return { stage: "submitted" as const, detail: "the agent has not reported the prompt yet" };
}

/** Enter on an open dialog approves the tool (seen with six of six agents): look at facts and screen right before it. */
async function obstacleToEnter(deps: LifecycleDeps, typed: Typed): Promise<string | undefined> {
  const current = await deps.book.get(typed.session.id);
  if (!current || hasEnded(current) || current.facts.launchId !== typed.session.facts.launchId)
    return "the agent ended";
  if (isBlocked(current))
    return "a dialog opened before Enter; the text stands in the composer or was ignored by the dialog";
  const screen = await typed.terminal.runtime.capture(typed.terminal.handle, 60);
  if (screen === undefined) return "the terminal is gone";
  const reading = deps.harnesses.get(current.harness).readScreen(screen);
  return reading.kind === "dialog" || reading.kind === "gate" ? "the screen shows a dialog" : undefined;
}

async function stillInComposer(typed: Typed): Promise<boolean> {
  const screen = await typed.terminal.runtime.capture(typed.terminal.handle, 20);
  const head = typed.text.trim().split("\n", 1)[0]?.slice(0, 30) ?? "";
  return screen?.includes(head) ?? false;
}

async function acknowledged(deps: LifecycleDeps, typed: Typed, signal: AbortSignal): Promise<boolean> {
  const promptCame = (current: Session) => (current.facts.promptTime ?? 0) >= typed.typedTime;
  const seen = await waitForSession(
    deps.book,
    typed.session.id,
    (current) => promptCame(current) || hasEnded(current),
    {
      timeoutMs: ACKNOWLEDGE_MS,
      signal,
    },
  );
  return seen !== undefined && promptCame(seen);
}

function isBlocked(session: Session): boolean {
  return session.facts.activity.state === "blocked";
}

function hasEnded(session: Session): boolean {
  return session.facts.activity.state === "exited";
}

function refuseBlocked(session: Session): void {
  if (isBlocked(session)) throw new AoError("SESSION_BLOCKED", { session: session.id });
}
