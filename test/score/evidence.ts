import { speaksFor } from "../../src/core/replay/speaks-for.ts";
import type { ScoredState } from "./states.ts";
import type { Told } from "./tell-trace.ts";

/** Labels are unsure up to this long around a key press, so what tells may come a little before its stretch. */
const BEFORE_MS = 500;

/**
 * When the first signal came that could tell the state of a stretch: one of any kind that speaks for that state, from
 * 500 ms before the stretch until its end. Ms since the recording's start; undefined when the recording holds none.
 */
export function evidenceTime(
  told: readonly Told[],
  startMs: number,
  stretch: { state: ScoredState; from: number; to: number },
): number | undefined {
  const first = told.find(({ meaning, now }) => {
    const at = now - startMs;
    return at >= stretch.from - BEFORE_MS && at <= stretch.to && speaksFor(meaning) === stretch.state;
  });
  return first && Math.max(stretch.from, first.now - startMs);
}
