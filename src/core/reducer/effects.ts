import type { Rule } from "../reduce-types.ts";
import type { Facts } from "../session.ts";
import { withTurn } from "./memory.ts";
import { type Effect, isOlder, type Observation } from "./observation.ts";
import { endWaits } from "./requests.ts";

/** Nothing to change but what every signal changes. */
export function recorded(seen: Observation, rule: Rule, reason: string): Effect {
  return { facts: seen.facts, rule, reason };
}

/** R2: newer evidence stands; `facts` carry what holds in spite of it. */
export function superseded(facts: Facts, reason: string): Effect {
  return { facts, rule: "R2", reason, superseded: true };
}

/**
 * True when the root's turn rests on newer evidence (R2).
 *
 * The end of a conversation's turn may come before word that this conversation is the current one: it left a fence.
 */
export function isTurnNewer(seen: Observation): boolean {
  const { turn, compactingSince, fences } = seen.memory;
  const fence = fences.find(({ agent }) => agent === seen.fields.nativeSessionId);
  return [turn.evidenceTime, compactingSince, fence?.time].some((time) => isOlder(seen, time));
}

/** The witness may see the end of a turn before the hook that says why it ended: no prompt came in between. */
export function isLastTurn({ facts, memory, at }: Observation): boolean {
  return memory.turn.state === "idle" && (facts.promptTime ?? 0) <= at;
}

/** The root evidently works: its turn runs, a first prompt has arrived, a usage limit, login wait or error is over. */
export function working(seen: Observation, facts: Facts): Facts {
  const { problem, ...sound } = endWaits(facts, seen.at);
  return withTurn({ ...sound, promptPending: false }, "active", seen.at);
}
