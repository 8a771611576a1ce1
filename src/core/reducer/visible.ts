import type { HarnessTraits } from "../reduce-types.ts";
import type { Facts } from "../session.ts";
import { deriveStatus, waitingOn } from "../status.ts";

/** True when a client that reads the session now would see something else than before. */
export function isVisibleChange(change: {
  before: Facts;
  after: Facts;
  now: number;
  traits: HarnessTraits;
}): boolean {
  const { before, after, now, traits } = change;
  if (before === after) return false;
  return JSON.stringify(view(before, now, traits)) !== JSON.stringify(view(after, now, traits));
}

/** What is shown of facts; when a signal last came is shown too, but is no news. */
function view(facts: Facts, now: number, traits: HarnessTraits) {
  const { state, pid, exit } = facts.process;
  const waiting = waitingOn(facts);
  return [
    deriveStatus(facts, traits, now),
    [state, pid, exit],
    [facts.activity.state, facts.activity.since],
    waiting && [waiting.kind, waiting.tool, waiting.message, waiting.requestId, waiting.until],
    facts.backgroundTasks,
    facts.nativeSessionIds,
    facts.title,
    facts.summary,
  ];
}
