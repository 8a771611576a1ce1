import type { ActivityFacts, ActivityState, Facts } from "../session.ts";
import { memoryOf } from "./memory.ts";
import type { Observation } from "./observation.ts";

/**
 * How long what an agent says on its way out is not taken for the end of its turn: on SIGTERM claude tells that it is
 * idle some 100 ms before it ends. Longer than any grace of a kill; one that failed lets the next signal count again.
 */
const DYING_MS = 30_000;

/** Facts whose activity follows from process, requests and turn: the one place where it is made. */
export function settleActivity(facts: Facts, { at, signal, before }: Observation): Facts {
  const { activity } = facts;
  const state = activityStateOf(facts);
  // A dialog that its subagent's end takes away is not answered either (opencode).
  const isOver = state === "idle" || (state === "active" && before.requests.length > 0);
  if (isOver && isDying(facts, at)) {
    return { ...facts, activity: before.activity, requests: before.requests };
  }
  const evidenceTime = evidenceTimeOf(facts, state);
  const changed: Partial<ActivityFacts> =
    state === activity.state ? {} : { state, since: at, signalId: signal.id };
  return { ...facts, activity: { ...activity, ...changed, evidenceTime } };
}

/** Somebody has just asked to end it: whoever waits for its turn must not think that it was done. */
function isDying({ killRequestedTime }: Facts, at: number): boolean {
  return killRequestedTime !== undefined && at >= killRequestedTime && at - killRequestedTime < DYING_MS;
}

function activityStateOf(facts: Facts): ActivityState {
  switch (facts.process.state) {
    case "exited":
    case "lost":
      return "exited";
    case "starting":
    case "running":
      break;
  }
  if (facts.requests.length > 0) return "blocked";
  const { turn, compactingSince } = memoryOf(facts);
  return compactingSince !== undefined ? "active" : turn.state;
}

function evidenceTimeOf(facts: Facts, state: ActivityState): number {
  const { turn, compactingSince } = memoryOf(facts);
  switch (state) {
    case "exited":
      return facts.process.exit?.time ?? turn.evidenceTime;
    case "blocked":
      return facts.requests[0]?.since ?? turn.evidenceTime;
    case "active":
    case "idle":
    case "waiting_input":
      return compactingSince ?? turn.evidenceTime;
  }
}
