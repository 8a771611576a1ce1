import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { handleOf } from "../new-launch.ts";

/** The reaper's look at terminals. Each is a subprocess, so one that hung is looked at ever more rarely. */
export interface PaneWatch {
  /**
   * True when the session's pane was found dead or absent. Where the agent's process is known to be gone, a pane that
   * lives keeps this back for 10 s, one that cannot be looked at for 60 s: the launcher would have told.
   */
  isDead(session: Session, known: { processGone: boolean }): Promise<boolean>;
  /** Call when the session's process was seen: its terminal is of no interest. */
  forget(sessionId: string): void;
}

/** A look that took this long hung: an answer takes 10 ms. */
const HUNG_MS = 500;
/** Between two looks that hang. */
const FIRST_GAP_MS = 2000;
const LARGEST_GAP_MS = 10_000;
/**
 * A launcher tells of the agent's end within ms, or ends itself after three tries a second apart (`bin/ao-run`). One that
 * was stopped never does, and its session would wait for a person for ever.
 */
const LAUNCHER_MS = 10_000;
/** A terminal that does not answer for so long will not: its server is stopped. */
const UNSEEN_MS = 60_000;

interface Doubt {
  launchId: string;
  since: number;
  nextLook: number;
  gap: number;
}

export function createPaneWatch(deps: LifecycleDeps): PaneWatch {
  const doubts = new Map<string, Doubt>();

  const doubtOf = (session: Session, now: number): Doubt => {
    const { launchId } = session.facts;
    const known = doubts.get(session.id);
    if (known?.launchId === launchId) return known;
    const doubt = { launchId, since: now, nextLook: now, gap: FIRST_GAP_MS };
    doubts.set(session.id, doubt);
    return doubt;
  };
  return {
    async isDead(session, { processGone }) {
      const now = deps.clock.monotonic();
      const doubt = doubtOf(session, now);
      if (now < doubt.nextLook) return false;
      const seen = await deps.runtimes[session.runtime].probe(handleOf(deps, session));
      const patience = seen === "alive" ? LAUNCHER_MS : UNSEEN_MS;
      if (seen === "dead" || (processGone && now - doubt.since >= patience)) return true;
      const after = deps.clock.monotonic();
      if (after - now >= HUNG_MS) {
        doubt.nextLook = after + doubt.gap;
        doubt.gap = Math.min(doubt.gap * 2, LARGEST_GAP_MS);
      }
      return false;
    },
    forget: (sessionId) => void doubts.delete(sessionId),
  };
}
