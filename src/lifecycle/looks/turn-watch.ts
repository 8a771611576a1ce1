import type { ScreenReading } from "../../core/ports/harnesses.ts";
import type { ActivityState, Session } from "../../core/session.ts";
import { type Meaning, SCREEN_DIALOG, type SignalFields } from "../../core/signal.ts";
import type { WatchDeps } from "../deps.ts";
import { ownSignal } from "../own-signals.ts";
import { screenOf } from "../screen-of.ts";
import { createLaunchMemory } from "./launch-memory.ts";
import { createLooks } from "./looks.ts";

/**
 * The last witness of agents with hooks: looks at their screens for what no event tells. That is a dialog in a running
 * turn, and, where the harness says what a running turn and an empty composer look like, the end of a turn (a denial, Esc)
 * and the beginning of what takes as long (a compaction). A terminal that is silent, or cannot be heard, is looked at for
 * the end only.
 */
export interface TurnWatch {
  /** Looks at every session whose turn it is, at each once at a time; resolves at the latest after 250 ms. */
  round(): Promise<void>;
  stop(): void;
}

/** Between two looks for the end of a turn. */
const GAP_MS = 1000;
/** Where the end is told: after the agent's last word, and ever more rarely while it is silent. */
const FIRST_GAP_MS = 500;
const LARGEST_GAP_MS = 5000;
/** While somebody types into an idle terminal. */
const LARGEST_IDLE_GAP_MS = 1000;
/** A turn that runs draws all the time: one whose terminal falls silent may ask. */
const SILENT_MS = 1000;
/** What it shows must stand so long, without a word of the agent's: a redraw, a hook under way is over sooner. */
const STANDS_MS: Readonly<Record<Untold, number>> = { dialog: 400, end: 3000, own_end: 400, beginning: 500 };

/** What a screen may show that no event told of; `own_end` is that of work which only the screen showed. */
type Untold = "dialog" | "end" | "own_end" | "beginning";

/** What the screens of one launch have shown. */
interface Watched {
  launchId: string;
  /** Monotonic. */
  nextLook: number;
  gap: number;
  /** The agent's last word before the last look, epoch ms. */
  spoke: number;
  /** When it was written to, of what is not yet looked at; monotonic. */
  heardTime?: number;
  /** When the agent worked by its screen alone, epoch ms. */
  begun?: number;
  /** What it shows and nobody has told of, and since when, epoch ms. */
  shown?: { what: Untold; since: number };
  /** Undefined where the terminal cannot be heard. */
  unhear?: () => void;
}

export function createTurnWatch(deps: WatchDeps): TurnWatch {
  const memory = createLaunchMemory((session) => firstLook(deps, session));
  /** Harnesses of which a running turn was seen as such, in whatever launch: the pattern is right about them. */
  const knowBusy = new Set<string>();
  const looks = createLooks(deps, {
    look: (session) => look(deps, session, { watched: memory.of(session), knowBusy }),
    failure: "the screen of a turn could not be read",
  });
  const isDueNow = (session: Session, now: number) =>
    !looks.isUnderWay(session) && isDue(deps, session, { watched: memory.of(session), now });
  return {
    async round() {
      const live = deps.book.live().filter((session) => isWatched(deps, session));
      memory.keepOnly(live);
      const now = deps.clock.monotonic();
      await looks.begin(live.filter((session) => isDueNow(session, now)));
    },
    stop: () => memory.keepOnly([]),
  };
}

function isWatched({ harnesses }: WatchDeps, { harness, runtime, facts }: Session): boolean {
  const found = harnesses.find(harness);
  const shows = found?.showsBusy !== undefined || found?.readsDialog === true;
  return shows && found.traits.hooks && runtime === "tmux" && facts.process.state === "running";
}

function firstLook({ clock, processes }: WatchDeps, { facts }: Session): Watched {
  const { launchId, process, activity } = facts;
  const spoke = activity.lastSignalTime ?? 0;
  const watched: Watched = { launchId, nextLook: 0, gap: FIRST_GAP_MS, spoke };
  const hear = () => {
    watched.heardTime = clock.monotonic();
  };
  if (process.pid !== undefined) watched.unhear = processes.hearTerminal(process.pid, hear);
  return watched;
}

function isDue(
  { harnesses }: WatchDeps,
  { harness, facts }: Session,
  { watched, now }: { watched: Watched; now: number },
): boolean {
  const { state, lastSignalTime: spoke = 0 } = facts.activity;
  if (spoke !== watched.spoke) Object.assign(watched, { spoke, gap: FIRST_GAP_MS, shown: undefined });
  const tellsTurns = harnesses.find(harness)?.showsBusy !== undefined;
  if (state !== "idle" && state !== "active") watched.shown = undefined;
  if (!isWanted(watched, { state, tellsTurns })) return false;
  const isSilent = watched.heardTime !== undefined && now - watched.heardTime >= SILENT_MS;
  if (now < watched.nextLook && !isSilent) return false;
  const isTurn = state === "active" && tellsTurns;
  watched.nextLook = now + gapOf(watched, { isTurn, isOwn: isBegun(watched, { facts }) });
  watched.gap = Math.min(watched.gap * 1.5, state === "idle" ? LARGEST_IDLE_GAP_MS : LARGEST_GAP_MS);
  return true;
}

function isWanted(
  { shown, heardTime }: Watched,
  { state, tellsTurns }: { state: ActivityState; tellsTurns: boolean },
): boolean {
  if (shown !== undefined) return true;
  if (state === "active") return tellsTurns || heardTime !== undefined;
  return state === "idle" && tellsTurns && heardTime !== undefined;
}

/** The last that was told is that its screen shows work. */
function isBegun({ begun }: Watched, { facts }: Pick<Session, "facts">): boolean {
  return begun !== undefined && begun === facts.activity.lastSignalTime;
}

/** What only the screen tells of is followed closely. */
function gapOf({ gap }: Watched, { isTurn, isOwn }: { isTurn: boolean; isOwn: boolean }): number {
  if (!isTurn) return gap;
  return isOwn ? FIRST_GAP_MS : GAP_MS;
}

async function look(
  deps: WatchDeps,
  session: Session,
  { watched, knowBusy }: { watched: Watched; knowBusy: Set<string> },
): Promise<void> {
  watched.heardTime = undefined;
  const harness = deps.harnesses.find(session.harness);
  const text = await screenOf(deps, session);
  if (!harness || text === undefined) return;
  const observedTime = deps.clock.now();
  const isBusy = harness.showsBusy?.(text);
  if (isBusy) knowBusy.add(session.harness);
  const isOwn = isBegun(watched, session);
  const reading = harness.readScreen(text);
  const what = untold(session, { reading, isBusy, isOwn });
  if (watched.shown?.what !== what) watched.shown = what && { what, since: observedTime };
  if (!watched.shown) return;
  if (watched.shown.what !== "end") watched.nextLook = deps.clock.monotonic() + FIRST_GAP_MS;
  if (watched.shown.what === "end" && !knowBusy.has(session.harness)) return;
  if (observedTime - watched.shown.since < STANDS_MS[watched.shown.what]) return;
  await report(deps, session, { ...watched.shown, observedTime, reading });
  watched.begun = watched.shown.what === "beginning" ? observedTime : undefined;
  watched.shown = undefined;
}

/** `isBusy` is undefined where the screen is no witness of turns. */
function untold(
  { facts }: Session,
  { reading, isBusy, isOwn }: { reading: ScreenReading; isBusy: boolean | undefined; isOwn: boolean },
): Untold | undefined {
  // What was told already and made no difference is work in the background.
  if (facts.activity.state === "idle") return isBusy && !isOwn ? "beginning" : undefined;
  if (reading.kind === "dialog") return "dialog";
  if (isBusy !== false) return undefined;
  if (isOwn) return "own_end";
  return reading.kind === "ready" ? "end" : undefined;
}

/** Unless the agent has spoken while the screen was looked at. */
async function report(
  deps: WatchDeps,
  { id, facts: before }: Session,
  seen: { what: Untold; since: number; observedTime: number; reading: ScreenReading },
): Promise<void> {
  const session = await deps.book.get(id);
  if (session?.facts.launchId !== before.launchId) return;
  if (session.facts.activity.lastSignalTime !== before.activity.lastSignalTime) return;
  const { observedTime } = seen;
  const { meaning, ...fields } = tells(seen);
  await deps.book.report([ownSignal(session, { kind: "probe", meaning, observedTime, fields })]);
}

function tells(seen: {
  what: Untold;
  since: number;
  reading: ScreenReading;
}): { meaning: Meaning } & SignalFields {
  const { what, since, reading } = seen;
  switch (what) {
    case "dialog": {
      const asks = reading.kind === "dialog" && reading.asks;
      const request = { requestId: `${SCREEN_DIALOG}${since}`, ...(asks && { type: asks }) };
      return { meaning: "witness_blocked", ...request, reason: "a dialog stands on its screen" };
    }
    case "own_end":
      return { meaning: "notify_idle", reason: "its screen shows no work any more" };
    case "end":
      return { meaning: "notify_idle", reason: "its composer stands on the screen" };
    case "beginning":
      return { meaning: "witness_active", reason: "its screen shows that it works" };
  }
}
