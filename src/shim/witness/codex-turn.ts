import type { SignalFields } from "../../core/signal.ts";
import { members, membersOfLine, short, timeOf } from "./json-line.ts";
import type { Testimony } from "./witness-signal.ts";

/**
 * One line of a rollout that tells of a turn. Seen with codex 0.169.0:
 * `{"timestamp":"2026-11-22T16:53:59.349Z","ordinal":74,"type":"event_msg","payload":{"type":"task_complete",…}}`.
 */
export interface CodexTurnEvent {
  kind: "started" | "completed" | "aborted";
  /** The line's own time, epoch ms. */
  at: number;
  turnId: string;
  /** Why it was aborted, or the kind of error it completed with. */
  reason?: string;
  /** The error's text, at most 500 characters. */
  message?: string;
  /** It completed with an error. */
  failed?: boolean;
}

const KINDS: Readonly<Record<string, CodexTurnEvent["kind"]>> = {
  task_started: "started",
  task_complete: "completed",
  turn_aborted: "aborted",
};

const MAX_ID = 64;
const MAX_MESSAGE = 500;
const MAX_REASON = 100;

/** Reads one line; undefined for lines of other kinds, torn lines and garbage. Never throws. */
export function parseCodexTurn(line: string): CodexTurnEvent | undefined {
  if (!line.includes('"event_msg"') || !/"(task_started|task_complete|turn_aborted)"/.test(line))
    return undefined;
  const { timestamp, type, payload } = membersOfLine(line);
  const { type: name, turn_id: turnId, reason, error } = members(payload);
  const kind = typeof name === "string" && Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  const at = timeOf(timestamp);
  if (type !== "event_msg" || !kind || at === undefined || typeof turnId !== "string") return undefined;
  if (turnId.length > MAX_ID) return undefined;
  return {
    kind,
    at,
    turnId,
    ...(kind === "completed" ? errorOf(error) : { reason: short(reason, MAX_REASON) }),
  };
}

/** `error` is `{message, codex_error_info}`; the info is a word, or an object with the word as its only key. */
function errorOf(error: unknown): Pick<CodexTurnEvent, "failed" | "reason" | "message"> {
  if (error === undefined || error === null) return {};
  const { codex_error_info: info, message } = members(error);
  const word = typeof info === "string" ? info : Object.keys(members(info))[0];
  return { failed: true, reason: short(word, MAX_REASON) ?? "error", message: short(message, MAX_MESSAGE) };
}

/** What a turn's event testifies; `whose` says of which conversation and process. */
export function codexTestimony(event: CodexTurnEvent, whose: SignalFields): Testimony {
  const { kind, at, turnId, reason, message } = event;
  const said = { id: `codex-${at}-${kind}-${turnId}`, at };
  switch (kind) {
    case "started":
      return { ...said, event: "witness_active", fields: whose };
    case "completed":
      if (!event.failed) return { ...said, event: "witness_idle", fields: whose };
      return { ...said, event: failureOf(reason), fields: { ...whose, reason, message } };
    case "aborted":
      // "replaced", "review_ended", "budget_limited" (read from the program): no person stopped it.
      return {
        ...said,
        event: reason === "interrupted" ? "turn_interrupted" : "witness_idle",
        fields: { ...whose, reason },
      };
  }
}

/** What the end of a subagent's turn testifies: it runs no more, and no dialog of its is open. */
export function codexChildTestimony(
  { kind, at, turnId, reason }: CodexTurnEvent,
  agentId: string,
): Testimony {
  return { id: `codex-${at}-${kind}-${turnId}`, at, event: "subagent_end", fields: { agentId, reason } };
}

/** The words are read from the program; only "other" was seen. */
function failureOf(reason: string | undefined): Testimony["event"] {
  if (reason === "usage_limit_exceeded") return "limit";
  return reason === "unauthorized" ? "auth_required" : "turn_failed";
}
