import * as z from "zod";
import { pattern, text } from "./schema-values.ts";

const screenPattern = z.strictObject({
  lines: z.int().min(1).max(500).describe("Only the last lines that are not blank are looked at."),
  all: z.array(pattern).min(1).readonly(),
});
const screenPatterns = z.array(screenPattern).readonly().default([]);
/** The name of a gate. */
export const gateName = z.string().regex(/^[a-z][a-z0-9_]*$/, "must be a word of a-z, 0-9 and _");
/** What the terminal shows. */
export const screen = z.strictObject({
  version: text.default("").describe("Version of the agent the patterns were seen with."),
  gates: z
    .array(screenPattern.extend({ gate: gateName }))
    .readonly()
    .default([])
    .describe("Dialogs before the agent works, such as trust or login; each names its gate."),
  dialog: z
    .array(screenPattern.extend({ asks: z.literal("question").optional() }))
    .readonly()
    .default([])
    .describe(
      "An open dialog: nothing is typed over it. `asks: question` where it asks for no permission; of an agent without hooks nothing else tells.",
    ),
  denial: z
    .array(screenPattern)
    .readonly()
    .optional()
    .describe("The agent asks back whether and why it is denied: `keys.confirmDenial` confirms."),
  busy: screenPatterns.describe("A running turn: never taken for ready."),
  ready: screenPatterns.describe("The empty composer: what is typed waits for it."),
  tellsTurns: z
    .boolean()
    .optional()
    .describe(
      "Whether a turn whose end no event told is over once `ready` stands and `busy` is gone, whether one runs that no event began once `busy` shows, and of an agent without hooks `busy`, `dialog` and `ready` tell all its turns; true where `busy` and `ready` are given.",
    ),
  restMs: z
    .int()
    .min(100)
    .max(60_000)
    .optional()
    .describe(
      "Without hooks: how long `ready` stands, with no `busy`, before a turn is over, in milliseconds; 2000 when not given. Longer than it shows between two steps of a turn.",
    ),
  composer: pattern
    .optional()
    .describe("Its first group is the text in the composer; matched against the whole screen."),
  composerMargin: pattern
    .optional()
    .describe("What each line of the composer has beside the text, such as borders; taken out."),
  placeholders: z.array(pattern).readonly().optional().describe("Texts an empty composer shows."),
});
