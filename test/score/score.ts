import type { TraceCase, TrueInterval } from "../support/trace-file.ts";
import { type Evidence, evidenceTime } from "./evidence.ts";
import { changesOf, type ScoredState, type Step, stateOfLabel } from "./states.ts";

/** What was shown of a recording, and what in it could tell. */
export interface Run {
  trace: TraceCase;
  steps: readonly Step[];
  evidence: readonly Evidence[];
}

/** A stretch of one true state, and what was shown of it. Times are ms since the recording's start. */
export interface Stretch {
  trace: string;
  state: ScoredState;
  from: number;
  to: number;
  /** State shown when it ended. */
  shown: ScoredState;
  /** Ms from its start until right for good; undefined when never. */
  corrected?: number;
  /** When the first thing came that could tell; undefined when the recording holds none. */
  evidence?: number;
}

/** Time of one true and one shown state. */
interface Piece {
  truth: ScoredState;
  shown: ScoredState;
  ms: number;
  /** Something that could tell had come. */
  tellable: boolean;
}

/** Figures of test/traces/README.md: counts, shares of 1, times in ms. */
export interface Score {
  recordings: number;
  stretches: number;
  right: number;
  needs: number;
  needsRight: number;
  falseNeeds: number;
  timeRight: number;
  correctP50: number;
  correctP95: number;
  exits: number;
  exitsRight: number;
  /** Stretches of which the recording holds something that could tell, or which are right all the same. */
  tellable: number;
  /** The same for dialogs and waits. */
  needsTellable: number;
  /** False needs, where time before the first signal that could tell is left out. */
  falseNeedsTold: number;
  /** Time to correct from that first signal on. */
  afterEvidenceP95: number;
  wrong: Stretch[];
}

const MIN_SURE_MS = 300;
const MAX_PIECE_MS = 60_000;
/** Labels are rounded to a microsecond, and an event that ends a stretch is no part of it. */
const EDGE_MS = 0.5;

/** Scores runs together, as test/traces/README.md defines. */
export function score(runs: readonly Run[]): Score {
  const judged = runs.map(judge);
  const all = judged.flatMap((one) => one.stretches);
  const exits = all.filter((one) => one.state === "exited");
  const turns = all.filter((one) => one.state !== "exited");
  const needs = turns.filter((one) => one.state === "needs");
  const pieces = judged.flatMap((one) => one.pieces);
  const times = turns.flatMap((one) => one.corrected ?? []);
  return {
    recordings: runs.length,
    stretches: turns.length,
    right: turns.filter(isRight).length,
    needs: needs.length,
    needsRight: needs.filter(isRight).length,
    falseNeeds: shareOfTime(pieces, isFalseNeeds),
    timeRight: shareOfTime(pieces, (one) => one.shown === one.truth),
    correctP50: percentile(times, 0.5),
    correctP95: percentile(times, 0.95),
    exits: exits.length,
    exitsRight: exits.filter(isRight).length,
    tellable: turns.filter(isTellable).length,
    needsTellable: needs.filter(isTellable).length,
    falseNeedsTold: shareOfTime(
      pieces.filter((one) => one.tellable),
      isFalseNeeds,
    ),
    afterEvidenceP95: percentile(turns.flatMap(afterEvidence), 0.95),
    wrong: turns.filter((one) => !isRight(one)),
  };
}

/** True when the state shown at its end was the true one. */
export function isRight(stretch: Stretch): boolean {
  return stretch.shown === stretch.state;
}

/** True when the recording holds something that could tell it, or when it is right all the same. */
export function isTellable(stretch: Stretch): boolean {
  return stretch.evidence !== undefined || isRight(stretch);
}

function afterEvidence({ corrected, evidence, from }: Stretch): number[] {
  if (corrected === undefined) return [];
  return [evidence === undefined ? corrected : Math.max(0, corrected - (evidence - from))];
}

function isFalseNeeds({ shown, truth }: Piece): boolean {
  return shown === "needs" && truth !== "needs";
}

function judge(run: Run): { stretches: Stretch[]; pieces: Piece[] } {
  const steps = changesOf(run.steps);
  const groups = merge(run.trace.intervals)
    .filter(({ state }) => state !== "not_started")
    .map((group) => ({ ...group, evidence: evidenceOf(run, group) }));
  const long = groups.filter(({ sure }) => lengthOf(sure) >= MIN_SURE_MS);
  return {
    stretches: long.map((group) => judgeStretch(run.trace.name, group, steps)),
    pieces: groups.filter(({ state }) => state !== "exited").flatMap((group) => piecesOf(group, steps)),
  };
}

interface Group {
  state: ScoredState;
  from: number;
  sure: TrueInterval[];
  evidence?: number;
}

function merge(intervals: readonly TrueInterval[]): Group[] {
  const groups: Group[] = [];
  for (const interval of intervals) {
    const state = stateOfLabel(interval.state);
    if (groups.at(-1)?.state !== state) groups.push({ state, from: interval.from_ms, sure: [] });
    if (interval.sure) groups.at(-1)?.sure.push(interval);
  }
  return groups;
}

function evidenceOf({ evidence, trace }: Run, { state, from, sure }: Group): number | undefined {
  return evidenceTime(evidence, trace.startNs / 1e6, { state, from, to: sure.at(-1)?.to_ms ?? from });
}

/** What was shown just before `time`. */
function shownBefore(steps: readonly Step[], time: number): Step {
  return steps.findLast((step) => step.at < time - EDGE_MS) ?? { at: 0, shown: "not_started" };
}

function judgeStretch(trace: string, group: Group, steps: readonly Step[]): Stretch {
  const { state, from, sure, evidence } = group;
  const to = sure.at(-1)?.to_ms ?? from;
  const last = shownBefore(steps, to);
  const corrected = last.shown === state ? Math.max(0, last.at - from) : undefined;
  return { trace, state, from, to, shown: last.shown, corrected, evidence };
}

function piecesOf(group: Group, steps: readonly Step[]): Piece[] {
  const pieces: Piece[] = [];
  const turns = [...steps.map((step) => step.at), ...(group.evidence === undefined ? [] : [group.evidence])];
  for (const { from_ms, to_ms } of group.sure) {
    const cuts = turns.filter((at) => at > from_ms + EDGE_MS && at < to_ms - EDGE_MS).sort((a, b) => a - b);
    for (const [index, from] of [from_ms, ...cuts].entries()) {
      const to = cuts[index] ?? to_ms;
      const { shown } = shownBefore(steps, to);
      const tellable = group.evidence !== undefined && from >= group.evidence - EDGE_MS;
      const previous = pieces.at(-1);
      if (previous?.shown === shown && previous.tellable === tellable) previous.ms += to - from;
      else pieces.push({ truth: group.state, shown, ms: to - from, tellable });
    }
  }
  return pieces.map((piece) => ({ ...piece, ms: Math.min(piece.ms, MAX_PIECE_MS) }));
}

function lengthOf(sure: readonly TrueInterval[]): number {
  return sure.reduce((sum, { from_ms, to_ms }) => sum + to_ms - from_ms, 0);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function shareOfTime(pieces: readonly Piece[], counts: (piece: Piece) => boolean): number {
  const sum = (of: readonly Piece[]) => of.reduce((ms, piece) => ms + piece.ms, 0);
  const whole = sum(pieces);
  return whole === 0 ? 0 : share(sum(pieces.filter(counts)), whole);
}
