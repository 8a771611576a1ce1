import type { AnswersFirst } from "./answers-first.ts";
import type { Facts, Status } from "./session.ts";
import type { Meaning, Signal, SignalOutcome } from "./signal.ts";

/** What the reducer and the status need to know of a harness. */
export interface HarnessTraits {
  /** It has hooks: silence means something (R10). */
  hooks: boolean;
  /** When its first hook fires: at launch, or only with the first prompt (codex, copilot, opencode). */
  firstSignal: "launch" | "prompt";
  /** A second witness exists (R8). */
  secondWitness: boolean;
  /** Neither hooks nor the second witness tell that a dialog was approved: only the screen does. */
  silentAnswers?: boolean;
  /**
   * The tools of one answer run only once every dialog about them is decided: that event of a tool tells that no dialog of
   * its agent's is open any more.
   */
  answersFirst?: AnswersFirst;
  /**
   * Tools that give work to subagents whose own tools carry no agent id: each is one more that may ask and run. Where a
   * subagent is told to begin, a turn's end until it ends is its own.
   */
  subagentTools?: readonly string[];
}

/** A signal with what it means for its harness. */
export interface InterpretedSignal {
  signal: Signal;
  meaning: Meaning;
}

/** Which rule decided: "R1" to "R11", or "-" where none had to. */
export type Rule = "R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "R7" | "R8" | "R9" | "R10" | "R11" | "-";

/** What the reducer decides. */
export interface Reduction {
  facts: Facts;
  /** `recorded` when nothing a client could see changed (facts may differ in bookkeeping, such as lastSignalTime). */
  outcome: Exclude<SignalOutcome, "duplicate" | "rejected">;
  rule: Rule;
  /** One sentence for `ao explain`. */
  reason: string;
}

/** A status and one short sentence why. */
export interface StatusVerdict {
  status: Status;
  reason: string;
}
