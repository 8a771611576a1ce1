import type { Budget } from "./budgets.ts";

/** How much is done: `full` for figures to publish, `quick` for a look, `smoke` to see that it runs at all. */
export type Scale = "full" | "quick" | "smoke";

/** What a benchmark measured for one budget, in the budget's unit. */
export interface Measurement {
  value: number;
  floor: number;
  /** How it was measured, or what to know when reading it. */
  note?: string;
  /** Further figures, for the JSON only. */
  details?: Readonly<Record<string, unknown>>;
}

/** Measures all budgets of one benchmark; the result has one entry for each, by the budget's id. */
export type Benchmark = (scale: Scale) => Promise<Readonly<Record<string, Measurement>>>;

/** A measurement held against its budget. */
export interface Verdict extends Measurement {
  budget: Budget;
  /** Times the floor, the floor over the rate for rates; undefined where the floor is nothing. */
  ratio: number | undefined;
  holds: boolean;
}

/** Holds a measurement against its budget. */
export function judge(budget: Budget, measurement: Measurement): Verdict {
  const { value, floor } = measurement;
  const { atMost = Number.POSITIVE_INFINITY, atLeast, timesFloor = Number.POSITIVE_INFINITY } = budget;
  const ratio = floor === 0 ? undefined : atLeast === undefined ? value / floor : floor / value;
  const holds = value <= atMost && value >= (atLeast ?? 0) && (ratio ?? 0) <= timesFloor;
  return { ...measurement, budget, ratio, holds };
}
