import { members, membersOfLine, short, timeOf } from "./json-line.ts";
import type { TranscriptEvent } from "./transcript-event.ts";

const MAX_KEY = 64;
const CANCELLED = "Request cancelled.";
const TOPIC_TOOL = "update_topic";
/** What gemini itself says to its model as if a person did, at a start and after a compression. */
const OWN_WORDS = "<session_context>";

/**
 * Reads one line of `<geminiHome>/tmp/<project>/chats/session-*.jsonl`. Seen with gemini 0.61.0:
 * `{"id":"…","timestamp":"2026-11-22T21:16:19.229Z","type":"info","content":"Request cancelled."}` at once at a denial and
 * at every Esc, and a `user` line for a prompt. A tool's answer is a `user` line too, as is what gemini says itself;
 * an API error is not in it, nor is an approval. A model's line is written again, under its old time, once its calls
 * have ended: where all were cancelled the turn ends (seen, and read from the program: but for the tool that names the
 * topic), and that is told after the hook of the tool's end.
 *
 * After a denial it may write its whole history anew, under new ids and the present time: old prompts among them. Only
 * such lines have the first prompt behind gemini's own words, and answers of a model without tokens. Never throws.
 */
export function parseGeminiChat(line: string): TranscriptEvent | undefined {
  if (!line.startsWith('{"id":')) return undefined;
  const { id, timestamp, type, content, toolCalls, tokens } = membersOfLine(line);
  const at = timeOf(timestamp);
  const key = short(id, MAX_KEY);
  if (at === undefined || key === undefined) return undefined;
  if (type === "info" && content === CANCELLED) return { kind: "interrupted", at, key };
  if (type === "user" && isPrompt(content)) return { kind: "active", at, key };
  const cancelledAt = type === "gemini" ? cancelTime(toolCalls) : undefined;
  if (cancelledAt !== undefined) return { kind: "interrupted", at: cancelledAt, key };
  return isRetold({ type, content, tokens }) ? { kind: "retold", at, key } : undefined;
}

/** When the last of the calls was, where all were cancelled: with the result of another the turn goes on. */
function cancelTime(toolCalls: unknown): number | undefined {
  const calls = Array.isArray(toolCalls) ? toolCalls.map(members) : [];
  const own = calls.filter(({ name }) => name !== TOPIC_TOOL);
  if (!own.every(({ status }) => status === "cancelled")) return undefined;
  const times = own.flatMap(({ timestamp }) => timeOf(timestamp) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function isRetold({ type, content, tokens }: Record<"type" | "content" | "tokens", unknown>): boolean {
  if (type === "gemini") return tokens === null;
  const texts = type === "user" ? textsOf(content) : [];
  return texts.length > 1 && texts[0]?.startsWith(OWN_WORDS) === true;
}

function isPrompt(content: unknown): boolean {
  const texts = textsOf(content);
  return texts.length > 0 && texts[0]?.startsWith(OWN_WORDS) === false;
}

/** Texts of a line that holds nothing else. */
function textsOf(content: unknown): string[] {
  const parts = Array.isArray(content) ? content.map(members) : [];
  const texts = parts.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  return texts.length === parts.length ? texts : [];
}
