import type { Budget } from "../budgets.ts";
import type { Verdict } from "../measurement.ts";

/** A figure for people: three digits that matter, no more than needed. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits }).replaceAll(",", " ");
}

/** What a budget asks for, such as "≤ 5 ms and ≤ 4 ×". */
export function limits({ unit, atMost, atLeast, timesFloor }: Budget): string {
  const parts = [
    atMost !== undefined && `≤ ${figure(atMost)} ${unit}`,
    atLeast !== undefined && `≥ ${figure(atLeast)} ${unit}`,
    timesFloor !== undefined && `≤ ${figure(timesFloor)} ×`,
  ];
  return parts.filter(Boolean).join(" and ");
}

/** Times the floor, such as "2.4 ×". */
export function times(ratio: number | undefined): string {
  return ratio === undefined ? "-" : `${figure(ratio)} ×`;
}

/** One line of the table: what, measured, floor, ratio, budget, holds. */
export function cells({ budget, value, floor, ratio, holds }: Verdict): string[] {
  return [
    budget.what,
    `${figure(value)} ${budget.unit}`,
    budget.floor === "none" ? "-" : `${figure(floor)} ${budget.unit} (${budget.floor})`,
    times(ratio),
    limits(budget),
    holds ? "yes" : "NO",
  ];
}

export const HEADINGS = ["what", "measured", "floor", "ratio", "budget", "holds"];
