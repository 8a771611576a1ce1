import type { Harnesses } from "../core/ports/harnesses.ts";
import type { Runtime } from "../core/ports/runtime.ts";
import type { HarnessTraits, StatusVerdict } from "../core/reduce-types.ts";
import type { RuntimeKind, Session } from "../core/session.ts";
import { deriveStatus } from "../core/status.ts";
import type { SessionView } from "./api.ts";

/** A harness this ao no longer has: its sessions stay readable, nothing is expected of it. */
const UNKNOWN_TRAITS: HarnessTraits = { hooks: false, firstSignal: "launch", secondWitness: false };

export function traitsOf(session: Session, harnesses: Harnesses): HarnessTraits {
  return harnesses.find(session.harness)?.traits ?? UNKNOWN_TRAITS;
}

export function statusOf(session: Session, harnesses: Harnesses, now: number): StatusVerdict {
  return deriveStatus(session.facts, traitsOf(session, harnesses), now);
}

/** Makes views: sessions with what is derived when they are read. */
export type MakeView = (session: Session, at?: number) => SessionView;

export function createViews(deps: {
  harnesses: Harnesses;
  runtimes: Readonly<Record<RuntimeKind, Runtime>>;
  now: () => number;
  handleOf: (session: Session) => string;
}): MakeView {
  return (session, at) => {
    const verdict = statusOf(session, deps.harnesses, at ?? deps.now());
    const running = session.facts.process.state === "running" || session.facts.process.state === "starting";
    return {
      session,
      status: verdict.status,
      statusReason: verdict.reason,
      attachCommand: running ? deps.runtimes[session.runtime].attachCommand(deps.handleOf(session)) : [],
    };
  };
}
