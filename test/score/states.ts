import type { Status } from "../../src/core/session.ts";
import type { TrueState } from "../support/trace-file.ts";

/** What is compared: a dialog and a wait for the next instruction are one, "needs". */
export type ScoredState = "not_started" | "idle" | "active" | "needs" | "exited";

/** A state shown from `at` on, ms since the recording's start. */
export interface Step {
  at: number;
  shown: ScoredState;
}

/** The scored state of a label. */
export function stateOfLabel(state: TrueState): ScoredState {
  return state === "blocked" || state === "waiting_input" ? "needs" : state;
}

/** What each status claims of the agent; a turn believed to run is a turn that runs. */
export function stateOfStatus(status: Status): ScoredState {
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

/** Leaves out steps that show what was shown already. */
export function changesOf(steps: readonly Step[]): Step[] {
  return steps.filter((step, index) => steps[index - 1]?.shown !== step.shown);
}
