import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ifThere } from "../../util/absent.ts";
import { members, membersOfLine, timeOf } from "./json-line.ts";
import type { TurnEnd } from "./transcript-witness.ts";

/** One entry has some 160 bytes, and there is one for every open session of the user's. */
const MAX_BYTES = 256 * 1024;

/**
 * `<copilotHome>/open-sessions-state.json` says of each open session whether it works. Seen with copilot 1.0.102:
 * `{"<session>":{"schemaVersion":1,"openedAt":"…","refreshedAt":"2026-11-22T21:17:13.830Z","working":false}}`; it works
 * while a dialog is open, too. All processes of the user rewrite it, so what stands there may be old: it counts by its
 * own time.
 */
export const copilotTurnEnd: TurnEnd = {
  fileOf: (transcript) => join(dirname(dirname(dirname(transcript))), "open-sessions-state.json"),
  async read(transcript) {
    return readCopilotTurnEnd(await readSmall(this.fileOf(transcript)), transcript);
  },
};

/** When the session of a transcript last stopped working by this file's text, epoch ms; undefined while it works. */
export function readCopilotTurnEnd(text: string, transcript: string): number | undefined {
  const { working, refreshedAt } = members(membersOfLine(text)[basename(dirname(transcript))]);
  return working === false ? timeOf(refreshedAt) : undefined;
}

async function readSmall(path: string): Promise<string> {
  const text = (await ifThere(readFile(path, "utf8"))) ?? "";
  return text.length <= MAX_BYTES ? text : "";
}
