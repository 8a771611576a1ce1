import type { HarnessTraits, InterpretedSignal, Rule } from "../reduce-types.ts";
import type { Facts, ReducerMemory } from "../session.ts";
import type { Meaning, Signal, SignalFields } from "../signal.ts";
import { memoryOf } from "./memory.ts";
import { type Speaker, speakerOf } from "./speaker.ts";

/** A signal in the light of the facts it meets: what every rule gets. */
export interface Observation {
  facts: Facts;
  /** Facts before anything was made of the signal. */
  before: Facts;
  memory: ReducerMemory;
  signal: Signal;
  fields: SignalFields;
  meaning: Meaning;
  speaker: Speaker;
  /** When it was observed; never in the future, so that a wrong clock cannot fence off what follows. */
  at: number;
  now: number;
  traits: HarnessTraits;
}

/** What a rule makes of an observation. */
export interface Effect {
  facts: Facts;
  rule: Rule;
  /** One sentence. */
  reason: string;
  /** Newer evidence stood; what facts did change is metadata. */
  superseded?: boolean;
}

/** Sees a signal against facts. */
export function observe(
  facts: Facts,
  { signal, meaning }: InterpretedSignal,
  context: { now: number; traits: HarnessTraits },
): Observation {
  return {
    facts,
    before: facts,
    memory: memoryOf(facts),
    signal,
    fields: signal.fields,
    meaning,
    speaker: speakerOf(facts, meaning, signal.fields),
    at: Math.min(signal.observedTime, context.now),
    ...context,
  };
}

/** The same observation against facts that have changed meanwhile. */
export function against(seen: Observation, facts: Facts): Observation {
  return { ...seen, facts, memory: memoryOf(facts) };
}

/** True when the observation is older than evidence of time `evidence`; evidence from a future that a clock took back never wins. */
export function isOlder(seen: Observation, evidence: number | undefined): boolean {
  return evidence !== undefined && evidence <= seen.now && seen.at < evidence;
}

/** An observation by the agent itself, its files or a client: evidence of life, unlike what ao does or looks up. */
export function isFromAgent(signal: Signal): boolean {
  switch (signal.kind) {
    case "hook":
    case "report":
    case "witness":
      return true;
    case "process":
    case "probe":
    case "request":
      return false;
  }
}
