import type { WitnessSource } from "../witness-source.ts";
import { parseGeminiChat } from "./gemini-chat.ts";
import type { LatePromptHooks } from "./late-prompts.ts";
import { createLineTail } from "./line-tail.ts";
import { createTranscriptWitness } from "./transcript-witness.ts";
import type { WitnessDeps } from "./witness-deps.ts";

/** Which of its hooks say that a prompt began a turn. */
export const geminiLatePrompts: LatePromptHooks = { isPrompt: ({ event }) => event === "BeforeAgent" };

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
      open: (path) => createLineTail(path, parseGeminiChat),
      // 100 ms behind "Request cancelled." on a busy machine (seen with 0.61.0), of a turn stopped while its first hooks run.
      latePrompts: geminiLatePrompts,
      pathIn: ({ event, fields }) => (event === "SessionEnd" ? undefined : fields.transcriptPath),
    },
    deps,
  );
}
