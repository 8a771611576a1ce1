import type { Message } from "../../core/message.ts";
import type { Session } from "../../core/session.ts";
import type { FailPoint } from "../../util/fail-point.ts";
import type { LifecycleDeps } from "../deps.ts";
import { mayRun } from "../lookups.ts";
import type { KnownComposers } from "./known-composers.ts";
import type { Pace } from "./pace.ts";

/** A message under way. What it is about to do is on disk before it does it. */
export interface Delivery {
  deps: LifecycleDeps;
  failPoint: FailPoint;
  pace: Pace;
  knownComposers: KnownComposers;
  /** As it is on disk. */
  readonly message: Message;
  /** Writes changes; they hold when the promise resolves. */
  write(changes: Partial<Message>): Promise<void>;
  /** Monotonic ms at which its patience ends. */
  deadline: number;
  /** Takes the message out of the reach of `cancel`; throws when it was withdrawn before. */
  claim(): void;
  /** Nothing was typed after all. */
  unclaim(): void;
  /** Aborts when the daemon stops or, before `claim`, the message is withdrawn. */
  signal: AbortSignal;
}

/** The session while the launch the message is for still runs; undefined once it has ended. */
export async function liveSession({ deps, message }: Delivery): Promise<Session | undefined> {
  const session = await deps.book.get(message.sessionId);
  return session && session.facts.launchId === message.launchId && mayRun(session) ? session : undefined;
}

/** ms until the message's patience ends; 0 and less when it has. */
export function timeLeft({ deadline }: Delivery): number {
  return deadline - performance.now();
}

/** Monotonic ms of a time that is on disk, so that a wait goes on where a killed daemon left it; at most now. */
export function monotonicOf({ deps }: Delivery, time: number): number {
  return performance.now() - Math.max(0, deps.clock.now() - time);
}

/** Waits for the next commit, at most `ms`; throws when the message is to be left alone. */
export async function pause({ deps, signal }: Delivery, ms: number): Promise<void> {
  await deps.book.committed.wait(ms, signal);
  signal.throwIfAborted();
}

/** Waits `ms`, whatever is committed. */
export async function rest(delivery: Delivery, ms: number): Promise<void> {
  const end = performance.now() + ms;
  for (let left = ms; left > 0; left = end - performance.now()) await pause(delivery, left);
}
