import { members, membersOfLine, short } from "./json-line.ts";
import type { StatusReading } from "./status-file.ts";
import type { Testimony } from "./witness-signal.ts";

/**
 * What `<dataDir>/sessions/<id>/<id>.json` says of its session. Seen with cline 3.0.65, which writes it anew 15-50 ms
 * after each change.
 *
 * `pending`: a tool waits for a person's approval. While a question is open it says `running`. `completed` and `cancelled`
 * are words of a session that is over. `failed` is one of a session whose process is gone: with a conversation that is
 * continued the file keeps the pid of the process that began it, and is called failed again and again (seen).
 */
export interface ClineStatus {
  sessionId: string;
  status: "idle" | "running" | "pending" | "over" | "failed";
  /** When the file was written, epoch ms: it holds no time of its own. */
  at: number;
  /** The process that began it, and works on it unless another one has taken it up. */
  pid?: number;
}

const ENDS = new Set(["completed", "cancelled"]);
const MAX_ID = 128;

/** Reads the file's text; never throws. */
export function parseClineStatus(text: string, writtenAt: number): StatusReading<ClineStatus> {
  const value = membersOfLine(text);
  // No JSON, or not an object with members: a file that is written at this moment is empty or cut.
  if (Object.keys(value).length === 0) return { kind: "torn" };
  const { session_id, status, pid } = members(value);
  const sessionId = short(session_id, MAX_ID);
  const known = statusOf(status);
  if (sessionId === undefined || known === undefined) return { kind: "nothing" };
  const at = Math.floor(writtenAt);
  return { kind: "status", status: { sessionId, status: known, at, ...(isPid(pid) && { pid }) } };
}

function statusOf(value: unknown): ClineStatus["status"] | undefined {
  switch (value) {
    case "idle":
    case "running":
    case "pending":
    case "failed":
      return value;
  }
  return typeof value === "string" && ENDS.has(value) ? "over" : undefined;
}

function isPid(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

/** What a status testifies. */
export function clineTestimony({ sessionId, status, at, pid }: ClineStatus): Testimony {
  const said = { id: `cline-${at}-${status}`, at };
  const fields = { nativeSessionId: sessionId, pid };
  switch (status) {
    case "running":
      return { ...said, event: "witness_active", fields };
    case "pending":
      return { ...said, event: "witness_blocked", fields: { ...fields, type: "permission" } };
    case "idle":
    case "over":
    case "failed":
      return { ...said, event: "witness_idle", fields };
  }
}
