import type { Meaning, Signal, SignalFields } from "../../core/signal.ts";
import type { WitnessedLaunch } from "../witness-source.ts";

/** What witnesses say. */
export type WitnessMeaning = Extract<
  Meaning,
  | "conversation_start"
  | "witness_active"
  | "witness_idle"
  | "witness_blocked"
  | "turn_interrupted"
  | "turn_failed"
  | "limit"
  | "auth_required"
  | "subagent_end"
  | "question_request"
  | "request_answered"
>;

/** One thing a witness saw. */
export interface Testimony {
  /** Unique within the launch and the same whenever the same thing is seen again. */
  id: string;
  /** The file's own time of it, epoch ms. */
  at: number;
  event: WitnessMeaning;
  fields: SignalFields;
}

/** The signal of a testimony about a launch. */
export function witnessSignal(launch: WitnessedLaunch, { id, at, event, fields }: Testimony): Signal {
  return {
    id: `w-${id}`,
    launchId: launch.launchId,
    seq: 0,
    observedTime: at,
    kind: "witness",
    harness: launch.harness,
    event,
    fields,
  };
}
