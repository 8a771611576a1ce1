import { join } from "node:path";
import { namesIn } from "../../util/absent.ts";
import type { WitnessSource } from "../witness-source.ts";
import { parseCopilotEvent } from "./copilot-events.ts";
import { copilotTurnEnd } from "./copilot-turn-end.ts";
import { createLineTail } from "./line-tail.ts";
import { createTranscriptWitness } from "./transcript-witness.ts";
import type { WitnessDeps } from "./witness-deps.ts";

const MAX_SESSIONS = 2_000;

/**
 * The second witness of GitHub Copilot: its session's `events.jsonl`, and `open-sessions-state.json` for the end of a turn.
 *
 * Sees what no hook tells: approval, denial, Esc Esc. A stop before the model's first word takes the prompt out of the
 * events again: only the other file tells.
 */
export function createCopilotWitness(deps: WitnessDeps): WitnessSource {
  return createTranscriptWitness(
    {
      source: "copilot",
      open: (path) => createLineTail(path, parseCopilotEvent),
      // No other event names the root's conversation for certain: a subagent's prompts have ids of their own.
      pathIn({ event, fields }, { witness }) {
        const { nativeSessionId: id } = fields;
        if (event !== "sessionStart" || id === undefined || !witness.copilotHome) return undefined;
        return isPlainName(id) ? join(sessionsIn(witness.copilotHome), id, "events.jsonl") : undefined;
      },
      async find({ pid }, { witness }) {
        const dir = witness.copilotHome && sessionsIn(witness.copilotHome);
        const held = dir ? await findHeld(dir, `inuse.${pid}.lock`) : undefined;
        return held && join(held, "events.jsonl");
      },
      end: copilotTurnEnd,
    },
    deps,
  );
}

function sessionsIn(home: string): string {
  return join(home, "session-state");
}

function isPlainName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/** The session's directory that holds the lock of a process. A killed process leaves its locks: of two, none is believed. */
async function findHeld(dir: string, lock: string): Promise<string | undefined> {
  const sessions = (await namesIn(dir)).filter(isPlainName).slice(0, MAX_SESSIONS);
  const held: string[] = [];
  for (const session of sessions) {
    if ((await namesIn(join(dir, session))).includes(lock)) held.push(join(dir, session));
  }
  return held.length === 1 ? held[0] : undefined;
}
