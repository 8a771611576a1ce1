import type { Harness } from "../../src/core/ports/harnesses.ts";
import { speaksFor } from "../../src/core/replay/speaks-for.ts";
import type { TraceCase } from "../support/trace-file.ts";
import { screensOf } from "./screen-lines.ts";
import type { ScoredState } from "./states.ts";
import { harnessFor, type Told } from "./tell-trace.ts";

/** Something in a recording that by itself speaks for a state, from `at` on, epoch ms. */
export interface Evidence {
  at: number;
  speaks: ScoredState;
}

/** All that speaks in a recording, in order of time: its signals, and its screens as the harness reads them. */
export function evidenceIn(trace: TraceCase, told: readonly Told[]): Evidence[] {
  const harness = harnessFor(trace.agent);
  const said = told.flatMap(({ meaning, now: at }) => asEvidence(at, speaksFor(meaning)));
  const shown = screensOf(trace.lines).flatMap(({ ts_ns, text }) =>
    asEvidence(ts_ns / 1e6, harness && shownBy(harness, text)),
  );
  return [...said, ...shown].sort((a, b) => a.at - b.at);
}

function asEvidence(at: number, speaks: ScoredState | undefined): Evidence[] {
  return speaks ? [{ at, speaks }] : [];
}

function shownBy(harness: Harness, text: string): ScoredState | undefined {
  switch (harness.readScreen(text).kind) {
    case "dialog":
      return "needs";
    case "ready":
      return "idle";
    case "gate":
    case "unknown":
      return harness.showsBusy?.(text) ? "active" : undefined;
  }
}

/** Labels are unsure up to this long around a key press, so what tells may come a little before its stretch. */
const BEFORE_MS = 500;

/**
 * When the first evidence came that could tell the state of a stretch: what speaks for that state, from 500 ms before the
 * stretch until its end. Ms since the recording's start; undefined when the recording holds none.
 */
export function evidenceTime(
  evidence: readonly Evidence[],
  startMs: number,
  stretch: { state: ScoredState; from: number; to: number },
): number | undefined {
  const first = evidence.find(({ at, speaks }) => {
    const since = at - startMs;
    return since >= stretch.from - BEFORE_MS && since <= stretch.to && speaks === stretch.state;
  });
  return first && Math.max(stretch.from, first.at - startMs);
}
