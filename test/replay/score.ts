import type { Status } from "../../src/core/session.ts";
import type { Replay } from "../support/replay.ts";
import type { TraceCase, TrueInterval } from "../support/trace-file.ts";

/** What is compared: a dialog and a wait for the next instruction are one, "needs". */
export type ScoredState = "not_started" | "idle" | "active" | "needs" | "exited";

/** A stretch of one true state, and how ao did on it. */
export interface Stretch {
  trace: string;
  state: ScoredState;
  from: number;
  to: number;
  /** State shown when it ended. */
  shown: ScoredState;
  /** Ms from its start until right for good; undefined when never. */
  corrected?: number;
}

/** Time of one true and one shown state. */
interface Piece {
  truth: ScoredState;
  shown: ScoredState;
  ms: number;
}

/** Figures of README.md, as shares; times in ms. */
export interface Score {
  stretches: number;
  right: number;
  needsRecall: number;
  falseNeeds: number;
  timeRight: number;
  correctP50: number;
  correctP95: number;
  exits: number;
  exitsRight: number;
  wrong: Stretch[];
}

const MIN_SURE_MS = 300;
const MAX_PIECE_MS = 60_000;
/** Labels are rounded to a microsecond, and an event that ends a stretch is no part of it. */
const EDGE_MS = 0.5;

/** Scores replays together, as README.md defines. */
export function score(runs: readonly { trace: TraceCase; replay: Replay }[]): Score {
  const judged = runs.map(({ trace, replay }) => judge(trace, replay));
  const all = judged.flatMap((one) => one.stretches);
  const exits = all.filter((one) => one.state === "exited");
  const turns = all.filter((one) => one.state !== "exited");
  const needs = turns.filter((one) => one.state === "needs");
  const pieces = judged.flatMap((one) => one.pieces);
  const times = turns.flatMap((one) => one.corrected ?? []).sort((a, b) => a - b);
  return {
    stretches: turns.length,
    right: share(turns.filter(isRight).length, turns.length),
    needsRecall: share(needs.filter(isRight).length, needs.length),
    falseNeeds: shareOfTime(pieces, (one) => one.shown === "needs" && one.truth !== "needs"),
    timeRight: shareOfTime(pieces, (one) => one.shown === one.truth),
    correctP50: Math.round(times[Math.floor(times.length * 0.5)] ?? 0),
    correctP95: Math.round(times[Math.floor(times.length * 0.95)] ?? 0),
    exits: exits.length,
    exitsRight: exits.filter(isRight).length,
    wrong: turns.filter((one) => !isRight(one)),
  };
}

/** True when the state shown at its end was the true one. */
export function isRight(stretch: Stretch): boolean {
  return stretch.shown === stretch.state;
}

function judge(trace: TraceCase, replay: Replay): { stretches: Stretch[]; pieces: Piece[] } {
  const groups = merge(trace.intervals).filter(({ state }) => state !== "not_started");
  const steps = stepsOf(replay);
  const long = groups.filter(({ sure }) => lengthOf(sure) >= MIN_SURE_MS);
  return {
    stretches: long.map((group) => judgeStretch(trace.name, group, steps)),
    pieces: groups.filter(({ state }) => state !== "exited").flatMap((group) => piecesOf(group, steps)),
  };
}

interface Group {
  state: ScoredState;
  from: number;
  sure: TrueInterval[];
}

interface Step {
  at: number;
  shown: ScoredState;
}

function merge(intervals: readonly TrueInterval[]): Group[] {
  const groups: Group[] = [];
  for (const interval of intervals) {
    const state = scored(interval.state);
    if (groups.at(-1)?.state !== state) groups.push({ state, from: interval.from_ms, sure: [] });
    if (interval.sure) groups.at(-1)?.sure.push(interval);
  }
  return groups;
}

function scored(state: TrueInterval["state"]): ScoredState {
  return state === "blocked" || state === "waiting_input" ? "needs" : state;
}

/** What each status claims of the agent; a turn believed to run is a turn that runs. */
export function stateOf(status: Status): ScoredState {
  switch (status) {
    case "terminated":
    case "failed":
    case "exited":
    case "lost":
      return "exited";
    case "starting":
    case "no_signal":
      return "not_started";
    case "needs_input":
      return "needs";
    case "unverified":
    case "working":
      return "active";
    case "idle":
      return "idle";
  }
}

function stepsOf({ shown }: Replay): Step[] {
  const steps: Step[] = [];
  for (const { at, status } of shown) {
    const state = stateOf(status);
    if (steps.at(-1)?.shown !== state) steps.push({ at, shown: state });
  }
  return steps;
}

/** What was shown just before `time`. */
function shownBefore(steps: readonly Step[], time: number): Step {
  return steps.findLast((step) => step.at < time - EDGE_MS) ?? { at: 0, shown: "not_started" };
}

function judgeStretch(trace: string, { state, from, sure }: Group, steps: readonly Step[]): Stretch {
  const to = sure.at(-1)?.to_ms ?? from;
  const last = shownBefore(steps, to);
  const corrected = last.shown === state ? Math.max(0, last.at - from) : undefined;
  return { trace, state, from, to, shown: last.shown, corrected };
}

function piecesOf({ state, sure }: Group, steps: readonly Step[]): Piece[] {
  const pieces: Piece[] = [];
  for (const { from_ms, to_ms } of sure) {
    const cuts = steps.map((step) => step.at).filter((at) => at > from_ms + EDGE_MS && at < to_ms - EDGE_MS);
    for (const [index, from] of [from_ms, ...cuts].entries()) {
      const to = cuts[index] ?? to_ms;
      const { shown } = shownBefore(steps, to);
      const previous = pieces.at(-1);
      if (previous?.shown === shown) previous.ms += to - from;
      else pieces.push({ truth: state, shown, ms: to - from });
    }
  }
  return pieces.map((piece) => ({ ...piece, ms: Math.min(piece.ms, MAX_PIECE_MS) }));
}

function lengthOf(sure: readonly TrueInterval[]): number {
  return sure.reduce((sum, { from_ms, to_ms }) => sum + to_ms - from_ms, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function shareOfTime(pieces: readonly Piece[], counts: (piece: Piece) => boolean): number {
  const sum = (of: readonly Piece[]) => of.reduce((ms, piece) => ms + piece.ms, 0);
  return share(sum(pieces.filter(counts)), sum(pieces));
}
