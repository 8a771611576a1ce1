import type { ActivityFacts, ActivityState, Facts } from "../session.ts";
import { memoryOf } from "./memory.ts";
import type { Observation } from "./observation.ts";

/** Facts whose activity follows from process, requests and turn: the one place where it is made. */
export function settleActivity(facts: Facts, { at, signal }: Observation): Facts {
  const { activity } = facts;
  const state = activityStateOf(facts);
  const evidenceTime = evidenceTimeOf(facts, state);
  const changed: Partial<ActivityFacts> =
    state === activity.state ? {} : { state, since: at, signalId: signal.id };
  return { ...facts, activity: { ...activity, ...changed, evidenceTime } };
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
