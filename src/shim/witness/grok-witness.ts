import { dirname, join } from "node:path";
import type { WitnessSource } from "../witness-source.ts";
import { parseGrokEvent } from "./grok-events.ts";
import { createLineTail } from "./line-tail.ts";
import { createTranscriptWitness } from "./transcript-witness.ts";
import type { WitnessDeps } from "./witness-deps.ts";

/**
 * The second witness of Grok Build: the `events.jsonl` beside the transcript that its hooks name.
 *
 * Confirms a turn whose tool is long at work, and sees ends of which a hook was lost. Blind to dialogs.
 */
export function createGrokWitness(deps: WitnessDeps): WitnessSource {
  return createTranscriptWitness(
    {
      source: "grok",
      open: (path) => createLineTail(path, parseGrokEvent),
      pathIn: ({ event, fields: { transcriptPath } }) =>
        event === "SessionEnd" || transcriptPath === undefined
          ? undefined
          : join(dirname(transcriptPath), "events.jsonl"),
    },
    deps,
  );
}
