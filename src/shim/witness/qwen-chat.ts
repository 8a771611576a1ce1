import { members, membersOfLine, short, timeOf } from "./json-line.ts";
import type { TranscriptEvent } from "./transcript-event.ts";

const MAX_KEY = 64;

/**
 * Reads one line of `<qwenHome>/projects/<project>/chats/<session>.jsonl`. Seen with qwen 0.24.4: lines of `type` user
 * (a person's prompt), assistant (with what it calls, whole, once the answer has ended or was stopped), tool_result
 * (status success, error or cancelled) and system. An answer that calls nothing ends the turn where it was stopped, and
 * then has no usage beside it. A whole one may be followed by a prompt that was queued in mid-turn, which is written
 * only when it was answered, 4 s later (seen): the Stop hook tells. A tool's cancellation is a denial or an Esc. An Esc
 * before the model's first word leaves nothing, and errors of the API stand there of tries that are tried again, too.
 * Never throws.
 */
export function parseQwenChat(line: string): TranscriptEvent | undefined {
  if (!line.startsWith('{"uuid":')) return undefined;
  const { uuid, timestamp, type, message, toolCallResult, provenance, agentId, isSidechain, usageMetadata } =
    membersOfLine(line);
  const at = timeOf(timestamp);
  const key = short(uuid, MAX_KEY);
  if (at === undefined || key === undefined || agentId !== undefined || isSidechain === true)
    return undefined;
  const { parts } = members(message);
  if (type === "user" && provenance === "real_user") return { kind: "active", at, key };
  if (type === "assistant" && Array.isArray(parts)) {
    if (parts.some(isCall)) return { kind: "active", at, key };
    return { kind: usageMetadata === undefined ? "idle" : "answered", at, key };
  }
  const isCancelled = type === "tool_result" && members(toolCallResult).status === "cancelled";
  return isCancelled ? { kind: "interrupted", at, key } : undefined;
}

function isCall(part: unknown): boolean {
  return "functionCall" in members(part);
}
