import type { TraceLine } from "./trace-file.ts";

/** How to find the lines of one process in a file that holds several; a line must fulfil all that is given. */
export interface LineChoice {
  /** Any id of its conversations, under whatever name the agent gives it. */
  session_ids?: readonly string[];
  pid?: number | readonly number[];
  /** Of the hooks: the agent itself, or the shell it runs them in. */
  ppid?: number | readonly number[];
  /** First and last line, counted from 0. */
  lines?: readonly [number, number];
  /** Ms since the file's `t0_ns`. */
  from_ms?: number;
  to_ms?: number;
}

/** The lines of one process; notes and what names no process belong to each of them. */
export function chooseLines(lines: readonly TraceLine[], choice: LineChoice, t0Ns: number): TraceLine[] {
  const { session_ids: ids, lines: range, from_ms = -Infinity, to_ms = Infinity } = choice;
  return lines.filter((line, index) => {
    const at = (line.ts_ns - t0Ns) / 1e6;
    if (at < from_ms || at > to_ms) return false;
    if (range && (index < range[0] || index > range[1])) return false;
    const found = idsOf(line.payload);
    if (ids && !found.some((id) => ids.includes(id))) return false;
    // A hub that serves many sessions is the parent of all their hooks: ids alone tell those apart.
    return Boolean(ids) || (isOf(choice.pid, line.pid) && isOf(choice.ppid, line.ppid));
  });
}

/** Where agents put the ids of a conversation: shell hooks, cline's, the bus events and hooks of opencode's plugins. */
const ID_PATHS = [
  "session_id",
  "sessionId",
  "sessionID",
  "taskId",
  "sessionContext.rootSessionId",
  "info.id",
  "info.sessionID",
  "part.sessionID",
  "input.sessionID",
];

function idsOf(payload: Record<string, unknown>): string[] {
  return ID_PATHS.flatMap((path) => {
    let value: unknown = payload;
    for (const key of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[key];
    return typeof value === "string" ? [value] : [];
  });
}

function isOf(wanted: number | readonly number[] | undefined, found: number | undefined): boolean {
  if (wanted === undefined || found === undefined) return true;
  return typeof wanted === "number" ? wanted === found : wanted.includes(found);
}
