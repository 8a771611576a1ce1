import { parseCopilotEvent } from "../../src/shim/witness/copilot-events.ts";
import { readCopilotTurnEnd } from "../../src/shim/witness/copilot-turn-end.ts";
import { parseGeminiChat } from "../../src/shim/witness/gemini-chat.ts";
import { geminiLatePrompts } from "../../src/shim/witness/gemini-witness.ts";
import { parseGrokEvent } from "../../src/shim/witness/grok-events.ts";
import {
  createLatePrompts,
  type LatePromptHooks,
  type LatePrompts,
  NO_LATE_PROMPTS,
} from "../../src/shim/witness/late-prompts.ts";
import type { ParseLine } from "../../src/shim/witness/line-tail.ts";
import { parseQwenChat } from "../../src/shim/witness/qwen-chat.ts";
import { qwenLatePrompts } from "../../src/shim/witness/qwen-witness.ts";
import type { TranscriptEvent } from "../../src/shim/witness/transcript-event.ts";
import { createTurnStory } from "../../src/shim/witness/turn-story.ts";
import type { TraceLine } from "../support/trace-file.ts";
import type { AgentFile, Expectation } from "./witness-lines.ts";

/** Transcripts by their names, and what makes their lines events. */
export const TRANSCRIPTS: readonly {
  path: RegExp;
  parse: ParseLine<TranscriptEvent>;
  latePrompts?: LatePromptHooks;
}[] = [
  {
    path: /\/chats\/session-[^/]*\.jsonl$/,
    parse: parseGeminiChat,
    latePrompts: geminiLatePrompts,
  },
  { path: /\/chats\/[0-9a-f-]{36}\.jsonl$/, parse: parseQwenChat, latePrompts: qwenLatePrompts },
  { path: /\/session-state\/[^/]+\/events\.jsonl$/, parse: parseCopilotEvent },
  { path: /\/sessions\/[^/]+\/[^/]+\/events\.jsonl$/, parse: parseGrokEvent },
];
const OPEN_SESSIONS = /\/open-sessions-state\.json$/;

/** Grok's hooks name the record of its screen; the events stand beside it. */
const GROK_UPDATES = /\/updates\.jsonl$/;

/** The transcript that a hook's payload names, where it is one of those above. */
export function transcriptNamedBy({ transcript_path: named }: TraceLine["payload"]): string | undefined {
  const path = typeof named === "string" ? named.replace(GROK_UPDATES, "/events.jsonl") : "";
  return TRANSCRIPTS.some((one) => one.path.test(path)) ? path : undefined;
}

/** Creates the expectation of a witness that follows a transcript, from when a hook has named it. */
export function createTranscriptExpectation(since: number): Expectation {
  let told = 0;
  let current = "";
  const unread = new Map<string, TranscriptEvent[]>();
  const story = createTurnStory({
    since,
    tell() {
      told += 1;
    },
  });
  let late = NO_LATE_PROMPTS;
  const take = (event: TranscriptEvent) => {
    if (event.kind === "interrupted") late.ended(event.at);
    if (event.kind !== "active" || !late.isLate(event.at)) story.take(event);
  };
  const isTold = (events: readonly TranscriptEvent[]) => {
    const before = told;
    for (const event of events) take(event);
    return told > before;
  };
  const grown = (path: string, events: readonly TranscriptEvent[]) => {
    if (path === current) return isTold(events);
    unread.set(path, [...(unread.get(path) ?? []), ...events]);
    return false;
  };
  return {
    heard(line) {
      const named = nameOf(line);
      const path = named && [...unread.keys(), current].find((one) => one.endsWith(named));
      current = path || (named ?? current);
      const hooks = TRANSCRIPTS.find((one) => one.path.test(current))?.latePrompts;
      if (hooks && late === NO_LATE_PROMPTS) late = createLatePrompts(hooks);
      late.heard(hookOf(line));
      isTold(unread.get(current) ?? []);
      unread.delete(current);
      return false;
    },
    speaks({ path, text }: AgentFile) {
      const known = TRANSCRIPTS.find((one) => one.path.test(path));
      if (known) {
        const isCurrent = current !== "" && path.endsWith(current);
        if (isCurrent) current = path;
        return grown(
          path,
          text.split("\n").flatMap((line) => known.parse(line) ?? []),
        );
      }
      if (!OPEN_SESSIONS.test(path) || !story.isRunning()) return false;
      const at = readCopilotTurnEnd(text, current);
      return at !== undefined && isTold([{ kind: "idle", at, key: "end" }]);
    },
  };
}

function hookOf({ event, ts_ns, payload }: TraceLine): Parameters<LatePrompts["heard"]>[0] {
  const { prompt, notification_type: type } = payload as Record<string, string>;
  return { event, observedTime: ts_ns / 1e6, fields: { type, prompt: prompt || undefined } };
}

/** The end of the path a hook names: copilot's names its session alone. */
function nameOf({ event, payload }: TraceLine): string | undefined {
  if (event === "sessionStart") return `/session-state/${payload.sessionId}/events.jsonl`;
  return event === "SessionEnd" || payload.subagentType ? undefined : transcriptNamedBy(payload);
}
