import type { WitnessSource } from "../witness-source.ts";
import { createGeminiTail } from "./gemini-tail.ts";
import { createTranscriptWitness } from "./transcript-witness.ts";
import type { WitnessDeps } from "./witness-deps.ts";

/**
 * The second witness of Gemini CLI: the session file that its hooks name.
 *
 * Sees a denial and an Esc while a tool runs, of which no hook tells, and each prompt. Blind to approvals, to errors and
 * to the end of a turn that nobody stopped.
 */
export function createGeminiWitness(deps: WitnessDeps): WitnessSource {
  return createTranscriptWitness(
    {
      source: "gemini",
      open: createGeminiTail,
      pathIn: ({ event, fields }) => (event === "SessionEnd" ? undefined : fields.transcriptPath),
    },
    deps,
  );
}
