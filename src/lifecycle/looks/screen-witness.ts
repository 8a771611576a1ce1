import type { Harness, ScreenReading } from "../../core/ports/harnesses.ts";
import type { Session } from "../../core/session.ts";
import { type Meaning, WITNESS_LEASE } from "../../core/signal.ts";
import type { WatchDeps } from "../deps.ts";
import { ownSignal } from "../own-signals.ts";
import { screenOf } from "../screen-of.ts";
import { createLaunchMemory } from "./launch-memory.ts";
import { createLooks } from "./looks.ts";

/**
 * The only witness of an agent without hooks: its screen, where the harness says what a running turn and an empty composer
 * look like. What shows neither them nor a dialog tells nothing. A terminal that is silent is looked at again only while a turn
 * runs, twice a minute.
 */
export interface ScreenWitness {
  /** Looks at every session whose turn it is, at each once at a time; resolves at the latest after 250 ms. */
  round(): Promise<void>;
  stop(): void;
}

/** Where the terminal cannot be heard it is looked at as often. */
const BLIND_GAP_MS = 2000;
/** A redraw shows half a dialog no longer. */
const DIALOG_STANDS_MS = 400;
/** How often a turn that goes on is confirmed; its lease is two minutes. */
const CONFIRM_MS = 30_000;

type Shown = "busy" | "dialog" | "ready" | "nothing";

/** What the screens of one launch have shown. */
interface Watched {
  launchId: string;
  /** Written to since the last look. */
  heard: boolean;
  /** What it shows has not stood long enough to tell. */
  unsettled: boolean;
  /** Monotonic. */
  lastLook: number;
  /** What it shows, and since when, epoch ms. */
  shown?: { what: Shown; since: number };
  /** Epoch ms. */
  confirmedTime: number;
  /** Undefined where the terminal cannot be heard. */
  unhear?: () => void;
  /** When it was last heard to be written to, epoch ms: what it shows stands since then. */
  heardTime?: number;
}

export function createScreenWitness(deps: WatchDeps): ScreenWitness {
  const memory = createLaunchMemory((session) => firstLook(deps, session));
  const looks = createLooks(deps, {
    look: (session) => look(deps, session, memory.of(session)),
    failure: "the screen of an agent without hooks could not be read",
  });
  return {
    async round() {
      const live = deps.book.live().filter((session) => isOnlyWitness(deps, session));
      memory.keepOnly(live);
      const now = deps.clock.monotonic();
      await looks.begin(
        live.filter((session) => !looks.isUnderWay(session) && isDue(session, memory.of(session), now)),
      );
    },
    stop: () => memory.keepOnly([]),
  };
}

function isOnlyWitness({ harnesses }: WatchDeps, { harness, runtime, facts }: Session): boolean {
  const found = harnesses.find(harness);
  const isSeen = runtime === "tmux" && facts.process.state === "running";
  return isSeen && found?.showsBusy !== undefined && !found.traits.hooks;
}

function firstLook({ processes, clock }: WatchDeps, { facts }: Session): Watched {
  const { launchId, process } = facts;
  const watched: Watched = {
    launchId,
    heard: true,
    unsettled: true,
    lastLook: Number.NEGATIVE_INFINITY,
    confirmedTime: 0,
  };
  const hear = () => {
    watched.heard = true;
    watched.heardTime = clock.now();
  };
  if (process.pid !== undefined) watched.unhear = processes.hearTerminal(process.pid, hear);
  return watched;
}

function isDue({ facts }: Session, watched: Watched, now: number): boolean {
  const { state } = facts.activity;
  const expected = EXPECTED[watched.shown?.what ?? "nothing"];
  // A turn that was begun by a message, while the composer stood all along, ends there too.
  const disagrees = expected !== undefined && expected !== state;
  if (watched.heard || watched.unsettled || disagrees) return true;
  const gap = watched.unhear === undefined ? BLIND_GAP_MS : state === "active" ? CONFIRM_MS : Infinity;
  return now - watched.lastLook >= gap;
}

const EXPECTED: Readonly<Record<Shown, "active" | "blocked" | "idle" | undefined>> = {
  busy: "active",
  dialog: "blocked",
  ready: "idle",
  nothing: undefined,
};

async function look(deps: WatchDeps, session: Session, watched: Watched): Promise<void> {
  watched.heard = false;
  watched.lastLook = deps.clock.monotonic();
  const text = await screenOf(deps, session);
  const harness = deps.harnesses.find(session.harness);
  if (!harness || text === undefined) return;
  const now = deps.clock.now();
  const reading = harness.readScreen(text);
  const what = shownOn(harness, { text, reading });
  if (watched.shown?.what !== what) watched.shown = { what, since: watched.heardTime ?? now };
  const { state, since: turnedTime } = session.facts.activity;
  const stood = now - Math.max(watched.shown.since, turnedTime);
  watched.unsettled = stood < standsMs(what, harness);
  if (watched.unsettled) return;
  const told = tells(what, state, now - Math.max(watched.confirmedTime, turnedTime) >= CONFIRM_MS);
  if (!told) return;
  if (what === "busy") watched.confirmedTime = now;
  const { meaning, ...more } = told;
  const asks = reading.kind === "dialog" && reading.asks;
  const fields = { ...more, ...(asks && { type: asks }), reason: REASONS[what] };
  await deps.book.report([
    // The screen watch has seen a gate, and looks again later than this.
    ...(session.facts.gate === undefined
      ? []
      : [ownSignal(session, { kind: "probe", meaning: "screen_ready", observedTime: now })]),
    ownSignal(session, { kind: "witness", meaning, observedTime: now, fields }),
  ]);
}

/** How long it must have stood to be told. */
function standsMs(what: Shown, { restMs }: Harness): number {
  switch (what) {
    case "busy":
    case "nothing":
      return 0;
    case "dialog":
      return DIALOG_STANDS_MS;
    case "ready":
      return restMs;
  }
}

function shownOn(harness: Harness, { text, reading }: { text: string; reading: ScreenReading }): Shown {
  const { kind } = reading;
  switch (kind) {
    case "gate":
      return "nothing";
    case "dialog":
    case "ready":
      return kind;
    case "unknown":
      return harness.showsBusy?.(text) ? "busy" : "nothing";
  }
}

/** What is new about it. That a dialog is gone is told by the dialog watch, and that an idle agent rests by nobody. */
function tells(
  what: Shown,
  state: Session["facts"]["activity"]["state"],
  isConfirmation: boolean,
): { meaning: Meaning; type?: string } | undefined {
  switch (what) {
    case "busy":
      if (state !== "active") return { meaning: "witness_active" };
      return isConfirmation ? { meaning: "witness_active", type: WITNESS_LEASE } : undefined;
    case "dialog":
      return state === "blocked" ? undefined : { meaning: "witness_blocked" };
    case "ready":
      return state === "active" || state === "blocked" ? { meaning: "witness_idle" } : undefined;
    case "nothing":
      return undefined;
  }
}

const REASONS: Readonly<Record<Shown, string>> = {
  busy: "its screen shows a running turn",
  dialog: "a dialog stands on its screen",
  ready: "its composer stands on the screen",
  nothing: "",
};
