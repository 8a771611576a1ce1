import { members, membersOfLine, short, timeOf } from "./json-line.ts";
import type { TranscriptEvent } from "./transcript-event.ts";

const MAX_KEY = 64;
const CANCELLED = "Request cancelled.";
/** What gemini itself says to its model as if a person did, at a start and after a compression. */
const OWN_WORDS = "<session_context>";

/**
 * Reads one line of `<geminiHome>/tmp/<project>/chats/session-*.jsonl`. Seen with gemini 0.61.0:
 * `{"id":"…","timestamp":"2026-11-22T21:16:19.229Z","type":"info","content":"Request cancelled."}` at once at a denial and
 * at every Esc, and a `user` line for a prompt. A tool's answer is a `user` line too, as is what gemini says itself;
 * an API error is not in it, nor is an approval. A model's line is written again, under its old time, once its calls
 * have ended: one that was cancelled ends the turn, and is told after the hook of the tool's end. Never throws.
 */
export function parseGeminiChat(line: string): TranscriptEvent | undefined {
  if (!line.startsWith('{"id":')) return undefined;
  const { id, timestamp, type, content, toolCalls } = membersOfLine(line);
  const at = timeOf(timestamp);
  const key = short(id, MAX_KEY);
  if (at === undefined || key === undefined) return undefined;
  if (type === "info" && content === CANCELLED) return { kind: "interrupted", at, key };
  if (type === "user" && isPrompt(content)) return { kind: "active", at, key };
  const cancelledAt = type === "gemini" ? cancelTime(toolCalls) : undefined;
  return cancelledAt === undefined ? undefined : { kind: "interrupted", at: cancelledAt, key };
}

/** When the last of the calls that were cancelled was. */
function cancelTime(toolCalls: unknown): number | undefined {
  const calls = Array.isArray(toolCalls) ? toolCalls.map(members) : [];
  const times = calls.flatMap(({ status, timestamp }) =>
    status === "cancelled" ? (timeOf(timestamp) ?? []) : [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function isPrompt(content: unknown): boolean {
  if (!Array.isArray(content) || content.length === 0) return false;
  const isText = (part: unknown) => typeof (part as { text?: unknown } | null)?.text === "string";
  return content.every(isText) && !(content[0] as { text: string }).text.startsWith(OWN_WORDS);
}
