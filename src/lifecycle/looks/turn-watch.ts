import type { Session } from "../../core/session.ts";
import type { WatchDeps } from "../deps.ts";
import { ownSignal } from "../own-signals.ts";
import { screenOf } from "../screen-of.ts";
import { createLooks } from "./looks.ts";

/**
 * The last witness: looks at the screens of running turns of agents with hooks and no other witness, for the end that no
 * event tells (a denial, Esc). Only where the harness says what a running turn and an empty composer look like.
 */
export interface TurnWatch {
  /** Looks at every session whose turn it is, at each once at a time; resolves at the latest after 250 ms. */
  round(): Promise<void>;
}

const GAP_MS = 1000;
/** The composer must stand so long, without a word of the agent's, before its turn is called over. */
const STANDS_MS = 3000;

/** What the screens of one launch have shown. */
interface Watched {
  launchId: string;
  /** Monotonic. */
  nextLook: number;
  /** Since when nothing but the composer was seen, epoch ms. */
  restingSince?: number;
}

export function createTurnWatch(deps: WatchDeps): TurnWatch {
  const all = new Map<string, Watched>();
  /** Harnesses of which a running turn was seen as such, in whatever launch: the pattern is right about them. */
  const knowBusy = new Set<string>();
  const looks = createLooks(deps, {
    look: (session) => look(deps, session, { watched: watchedOf(all, session), knowBusy }),
    failure: "the screen of a turn could not be read",
  });
  return {
    async round() {
      const live = deps.book.live().filter((session) => session.runtime === "tmux" && shows(deps, session));
      const ids = new Set(live.map(({ id }) => id));
      for (const id of all.keys()) if (!ids.has(id)) all.delete(id);
      const now = deps.clock.monotonic();
      const due = live.filter(
        (session) => !looks.isUnderWay(session) && isDue(session, watchedOf(all, session), now),
      );
      await looks.begin(due);
    },
  };
}

function shows({ harnesses }: WatchDeps, { harness }: Session): boolean {
  const found = harnesses.find(harness);
  return found?.showsBusy !== undefined && found.traits.hooks;
}

function watchedOf(all: Map<string, Watched>, { id, facts }: Session): Watched {
  const known = all.get(id);
  if (known?.launchId === facts.launchId) return known;
  const watched = { launchId: facts.launchId, nextLook: 0 };
  all.set(id, watched);
  return watched;
}

function isDue({ facts }: Session, watched: Watched, now: number): boolean {
  if (facts.activity.state !== "active") {
    watched.restingSince = undefined;
    return false;
  }
  if (now < watched.nextLook) return false;
  watched.nextLook = now + GAP_MS;
  return true;
}

async function look(
  deps: WatchDeps,
  session: Session,
  { watched, knowBusy }: { watched: Watched; knowBusy: Set<string> },
): Promise<void> {
  const harness = deps.harnesses.find(session.harness);
  const text = await screenOf(deps, session);
  if (!harness?.showsBusy || text === undefined) return;
  const observedTime = deps.clock.now();
  const isBusy = harness.showsBusy(text);
  if (isBusy) knowBusy.add(session.harness);
  if (isBusy || harness.readScreen(text).kind !== "ready") {
    watched.restingSince = undefined;
    return;
  }
  const spoke = session.facts.activity.lastSignalTime ?? 0;
  if (watched.restingSince === undefined || watched.restingSince < spoke)
    watched.restingSince = Math.max(observedTime, spoke);
  if (!knowBusy.has(session.harness) || observedTime - watched.restingSince < STANDS_MS) return;
  watched.restingSince = undefined;
  const fields = { reason: "its composer stands on the screen" };
  await deps.book.report([
    ownSignal(session, { kind: "probe", meaning: "notify_idle", observedTime, fields }),
  ]);
}
