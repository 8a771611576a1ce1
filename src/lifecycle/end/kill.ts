import { setTimeout as sleep } from "node:timers/promises";
import { AoError } from "../../core/errors.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { mayRun, processOf } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";
import { ownSignal } from "../own-signals.ts";
import { waitForSession } from "../wait.ts";

/** How long the launcher's own exit record may take once the tree is empty. */
const EXIT_RECORD_MS = 1500;
/** Between two looks at a start that is under way. */
const START_LOOK_MS = 50;

/** Ends the session's process tree, verifies that it is empty, then says so. Idempotent. */
export async function killSession(
  deps: LifecycleDeps,
  session: Session,
  options: { graceMs: number; signal: AbortSignal; beforeDispose: (session: Session) => Promise<void> },
): Promise<Session> {
  const tag = { sessionId: session.id };
  const identity = processOf(session);
  if (!mayRun(session) && (await deps.processes.findByTag(tag)).length === 0) {
    // What is only called lost keeps its terminal, until somebody says that it is over.
    if (session.facts.process.state === "lost") await endTerminal(deps, session, options.beforeDispose);
    return session;
  }
  const observedTime = deps.clock.now();
  await deps.book.report([ownSignal(session, { kind: "request", meaning: "kill_requested", observedTime })]);
  await keepScreen(deps, session, options.beforeDispose);
  // A start under way makes processes after the tree was seen empty: then it is not over yet.
  for (let isStarting = true; isStarting; ) {
    isStarting = deps.underway.has(session.facts.launchId);
    const left = await deps.processes.killTree({
      tag,
      roots: identity ? [identity] : [],
      graceMs: options.graceMs,
      signal: options.signal,
    });
    if (left.length > 0) throw new AoError("KILL_FAILED", { session: session.id, pids: left.join(", ") });
    if (isStarting) await sleep(START_LOOK_MS, undefined, { signal: options.signal });
  }
  await deps.runtimes[session.runtime].dispose(handleOf(deps, session));
  return awaitExit(deps, session);
}

async function endTerminal(
  deps: LifecycleDeps,
  session: Session,
  beforeDispose: (session: Session) => Promise<void>,
): Promise<void> {
  await keepScreen(deps, session, beforeDispose);
  await deps.runtimes[session.runtime].dispose(handleOf(deps, session));
}

/** A terminal that hangs must not save its agent: what it shows is then not kept. */
async function keepScreen(
  deps: LifecycleDeps,
  session: Session,
  keep: (session: Session) => Promise<void>,
): Promise<void> {
  try {
    await keep(session);
  } catch (error) {
    if (!(error instanceof AoError)) throw error;
    deps.log.warn({ sessionId: session.id, err: error }, "the last screen could not be kept");
  }
}

/** The launcher's record tells code and signal; where the launcher died too, the empty tree is the proof. */
async function awaitExit(deps: LifecycleDeps, session: Session): Promise<Session> {
  const ended = await waitForSession(deps.book, session.id, (current) => !mayRun(current), {
    timeoutMs: EXIT_RECORD_MS,
    signal: new AbortController().signal,
  });
  if (ended) return ended;
  await deps.book.report([
    ownSignal(session, {
      kind: "request",
      meaning: "process_exited",
      observedTime: deps.clock.now(),
      fields: { reason: "killed" },
    }),
  ]);
  return (await deps.book.get(session.id)) ?? session;
}
