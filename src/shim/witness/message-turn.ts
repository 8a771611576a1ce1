import type { TranscriptEvent } from "./transcript-event.ts";

/** The newest message of a conversation, as opencode 1.18.33 and Kilo Code 7.7.9 keep it (seen). */
export interface MessageRow {
  id: string;
  role: string | null;
  /** Epoch ms; `completed` stays empty while the model answers and its tools run, dialogs included. */
  created: number;
  completed: number | null;
  /** Why the model stopped; `tool-calls` where it is asked again, unless a person denied. */
  finish: string | null;
  error: string | null;
  errorText: string | null;
}

/** The columns of a MessageRow of table `message`. */
export const MESSAGE_COLUMNS = `id, time_created as created,
  json_extract(data, '$.role') as role,
  json_extract(data, '$.time.completed') as completed,
  json_extract(data, '$.finish') as finish,
  json_extract(data, '$.error.name') as error,
  substr(json_extract(data, '$.error.data.message'), 1, 500) as errorText`;

/** What follows an answer that ends the turn, such as a compaction, is there by then. */
const RESTS_MS = 1_000;
/** Between a tool and the next question to the model passed 8 ms to 2 s on a busy machine (seen). */
const RESTS_AFTER_TOOLS_MS = 10_000;

/**
 * What the newest message says of the turn at `now`, oldest first; an end only once nothing has followed it for a while.
 * A person's message says nothing: nobody may have begun to answer.
 */
export function messageEvents(row: MessageRow, now: number): TranscriptEvent[] {
  if (row.role !== "assistant") return [];
  const begun: TranscriptEvent = { kind: "active", at: row.created, key: row.id };
  if (row.completed === null) return [begun];
  const goesOn = row.error === null && (row.finish === null || /^(tool-calls|unknown)$/.test(row.finish));
  if (now - row.completed < (goesOn ? RESTS_AFTER_TOOLS_MS : RESTS_MS)) return [begun];
  return [begun, { ...endOf(row), at: row.completed, key: row.id }];
}

function endOf({ error, errorText }: MessageRow): Pick<TranscriptEvent, "kind" | "message"> {
  if (error === null) return { kind: "idle" };
  if (error === "MessageAbortedError") return { kind: "interrupted" };
  return { kind: "failed", message: errorText ?? error };
}
