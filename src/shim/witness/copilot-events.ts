import { members, membersOfLine, short, timeOf } from "./json-line.ts";
import type { TranscriptEvent } from "./transcript-event.ts";

const MAX_KEY = 64;
const MAX_MESSAGE = 500;
const TOLD =
  /^\{"type":"(user\.message|assistant\.turn_start|assistant\.message|permission\.requested|permission\.completed|abort|session\.error)"/;

/**
 * Reads one line of `<copilotHome>/session-state/<session>/events.jsonl`, which is written within some 300 ms. Seen with
 * copilot 1.0.102: `{"type":"abort","data":{"reason":"user_initiated"},"id":"…","timestamp":"2026-11-22T21:17:13.731Z",…}`
 * at a denial and at Esc Esc, `permission.requested` and `.completed` with one `requestId`, `assistant.message` with the
 * words in `content`, empty where it only calls a tool. A subagent's lines have an `agentId`: only its dialogs count.
 * Never throws.
 */
export function parseCopilotEvent(line: string): TranscriptEvent | undefined {
  if (!TOLD.test(line)) return undefined;
  const { type, data, id, timestamp, agentId } = membersOfLine(line);
  const at = timeOf(timestamp);
  const own = short(id, MAX_KEY);
  if (at === undefined || own === undefined) return undefined;
  const { requestId, result, message, content } = members(data);
  const request = short(requestId, MAX_KEY);
  if (type === "permission.requested")
    return request === undefined ? undefined : { kind: "asked", at, key: request };
  if (type === "permission.completed") {
    if (request === undefined) return undefined;
    return { kind: isRefused(result) ? "refused" : "approved", at, key: request };
  }
  if (agentId !== undefined) return undefined;
  if (type === "assistant.message") return saidIn(content, { at, key: own });
  if (type === "abort") return { kind: "interrupted", at, key: own };
  if (type === "session.error") return { kind: "failed", at, key: own, message: short(message, MAX_MESSAGE) };
  return { kind: "active", at, key: own };
}

function saidIn(content: unknown, when: { at: number; key: string }): TranscriptEvent | undefined {
  const message = short(content, MAX_MESSAGE);
  return message === undefined ? undefined : { kind: "said", ...when, message };
}

/** "cancelled" comes with the turn's end; after any other answer than "approved" the turn may go on or not. */
function isRefused(result: unknown): boolean {
  return members(result).kind !== "approved";
}
