/** How long the outbox waits for what, in ms. */
export interface Pace {
  /** Between paste and Enter: below 0.5 s gemini and qwen lose the Enter or send a literal paste marker (seen). */
  settle: number;
  /** Between two looks at a terminal; commits come in between. */
  look: number;
  /** For a paste to show in the composer, and for a composer to be drawn at all. */
  appear: number;
  /** For the agent's word, or for the text to leave the composer, before Enter is pressed again. */
  enterGap: number;
  /** For what hinders the Enter of a text that was typed, at least: it cannot be withdrawn any more. */
  finish: number;
  /** For the agent's own prompt event after its composer has let go of the text. */
  acknowledge: number;
  /** The same of what agents may not report: commands, and prompts in mid-turn. */
  unreported: number;
}

/** The pace of a terminal and an agent on a busy machine. */
export const PACE: Pace = {
  settle: 600,
  look: 200,
  appear: 10_000,
  enterGap: 2000,
  finish: 60_000,
  // A hook of qwen's came later than 6 s on a machine with a load of 14 (seen).
  acknowledge: 20_000,
  unreported: 6000,
};
