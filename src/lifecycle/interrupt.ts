import { AoError } from "../core/errors.ts";
import type { Session } from "../core/session.ts";
import type { LifecycleDeps } from "./deps.ts";
import { requireRunning } from "./lookups.ts";
import { handleOf } from "./new-launch.ts";
import { statusOf } from "./views.ts";

/** Presses the harness's interrupt keys if a turn runs; true when it did. */
export async function interruptTurn(deps: LifecycleDeps, session: Session): Promise<boolean> {
  requireRunning(session, statusOf(session, deps.harnesses, deps.clock.now()).status);
  const { state } = session.facts.activity;
  if (state !== "active" && state !== "blocked") return false;
  const { keys } = deps.harnesses.get(session.harness);
  if (session.runtime === "process" || keys.interrupt.length === 0) {
    throw new AoError("UNSUPPORTED", {
      subject: `session "${session.id}"`,
      what: "interrupting a turn",
      hint: `End it instead: \`ao session kill ${session.id}\`.`,
    });
  }
  await deps.runtimes[session.runtime].press(handleOf(deps, session), keys.interrupt);
  return true;
}

/** Answers the open request with the keys its harness declares; looks at the screen first. */
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
  const runtime = deps.runtimes[session.runtime];
  const handle = handleOf(deps, session);
  const screen = await runtime.capture(handle, 60);
  if (screen === undefined) throw new AoError("TERMINAL_GONE", { session: session.id });
  if (harness.readScreen(screen).kind !== "dialog")
    throw new AoError("NOT_BLOCKED", { session: session.id, status });
  await runtime.press(handle, keys);
}
