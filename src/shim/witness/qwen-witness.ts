import type { WitnessSource } from "../witness-source.ts";
import type { LatePromptHooks } from "./late-prompts.ts";
import { createLineTail } from "./line-tail.ts";
import { parseQwenChat } from "./qwen-chat.ts";
import { createTranscriptWitness } from "./transcript-witness.ts";
import type { WitnessDeps } from "./witness-deps.ts";

/** Which of its hooks say that a turn ended, or that a prompt began one. */
export const qwenLatePrompts: LatePromptHooks = {
  isEnd: ({ event, fields }) => event === "Notification" && fields.type === "idle_prompt",
  isPrompt: ({ event, fields }) => event === "UserPromptSubmit" && fields.prompt !== undefined,
};

/**
 * The second witness of Qwen Code: the session file that its hooks name.
 *
 * Sees prompts, ends, denials and an Esc while a tool runs, for hooks that get lost. Blind to dialogs and to errors.
 */
export function createQwenWitness(deps: WitnessDeps): WitnessSource {
  return createTranscriptWitness(
    {
      source: "qwen",
      open: (path) => createLineTail(path, parseQwenChat),
      // 50 ms before the notification on a machine with nothing else to do, behind it on a busy one (seen with 0.24.4).
      latePrompts: qwenLatePrompts,
      pathIn: ({ event, fields }) => (event === "SessionEnd" ? undefined : fields.transcriptPath),
    },
    deps,
  );
}
