import type { StepResult } from "./run-conformance.ts";

export type Grade = "A" | "B" | "C" | "D" | "F";

/** What each grade says. */
export const GRADE_MEANS: Readonly<Record<Grade, string>> = {
  A: "every step passed",
  B: "what was tried passed; some of it the agent cannot, or needs a prompt",
  C: "a step failed that does not decide what a person is shown",
  D: "its state is wrong at a dialog, an interrupt or an error",
  F: "it does not start, or its turns are not seen",
};

/** Steps whose failure means that a person is shown the wrong state. */
const STATE_STEPS = ["permission", "deny", "interrupt", "error"];

/** Grades a run. */
export function gradeOf(results: readonly StepResult[]): Grade {
  const failed = results.filter(({ verdict }) => verdict === "failed").map(({ step }) => step as string);
  if (failed.includes("start") || failed.includes("prompt")) return "F";
  if (failed.some((step) => STATE_STEPS.includes(step))) return "D";
  if (failed.length > 0) return "C";
  return results.every(({ verdict }) => verdict === "passed") ? "A" : "B";
}
