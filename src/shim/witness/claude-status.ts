import { type SignalFields, WITNESS_NO_DIALOG } from "../../core/signal.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import type { StatusReading } from "./status-file.ts";
import type { Testimony } from "./witness-signal.ts";

/**
 * What `<configDir>/sessions/<pid>.json` says of its process. Seen with claude 2.1.330.
 *
 * `shell` is `idle` while a background command runs (read from the program: `idle && shells ? "shell" : …`): the
 * turn is over (R7). `busy` also stands while a background subagent runs after the turn's end.
 */
export interface ClaudeStatus {
  pid: number;
  status: "idle" | "busy" | "waiting" | "shell";
  /** Epoch ms; the file is visible 6-50 ms later. */
  statusUpdatedAt: number;
  sessionId?: string;
  /** Field 22 of /proc/<pid>/stat, as text. */
  procStart?: string;
  /** When the process began, epoch ms. */
  startedAt?: number;
  /** Only while waiting. */
  waitingFor?: string;
}

const STATES = new Set(["idle", "busy", "waiting", "shell"]);

/** Kinds of dialogs by the program's words; "dialog open", "sandbox request" and others keep theirs. */
const DIALOGS: Readonly<Record<string, string>> = {
  "permission prompt": "permission",
  "input needed": "question",
};

/** Reads the file's text; never throws. It is rewritten in place, so a reader can meet a mix of old and new. */
export function parseClaudeStatus(text: string): StatusReading<ClaudeStatus> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: "torn" };
    throw error;
  }
  return typeof value === "object" && value !== null ? checkStatus(value) : { kind: "nothing" };
}

function checkStatus(value: object): StatusReading<ClaudeStatus> {
  const { pid, status, statusUpdatedAt, sessionId, procStart, startedAt, waitingFor } = value as Record<
    string,
    unknown
  >;
  if (!isTime(pid) || typeof status !== "string" || !STATES.has(status) || !isTime(statusUpdatedAt)) {
    return { kind: "nothing" };
  }
  return {
    kind: "status",
    status: {
      pid,
      status: status as ClaudeStatus["status"],
      statusUpdatedAt,
      sessionId: text(sessionId),
      procStart: text(procStart),
      startedAt: isTime(startedAt) ? startedAt : undefined,
      waitingFor: text(waitingFor),
    },
  };
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, 256) : undefined;
}

/** Allowance for a clock that is set while the agent starts. */
const CLOCK_SLACK_MS = 2_000;

/**
 * True when the file speaks of this process and not of an earlier one with its pid: a killed agent leaves its file.
 *
 * By the kernel's start time where both know it, else by the process having begun after the launch was asked for.
 */
export function isStatusOf(
  status: ClaudeStatus,
  { pid, startTicks }: ProcessIdentity,
  launchTime: number,
): boolean {
  if (status.pid !== pid) return false;
  if (startTicks !== undefined && status.procStart !== undefined) {
    return status.procStart === String(startTicks);
  }
  return status.startedAt !== undefined && status.startedAt >= launchTime - CLOCK_SLACK_MS;
}

/** What a status testifies. */
export function claudeTestimony(status: ClaudeStatus): Testimony {
  const { status: state, statusUpdatedAt: at, waitingFor, sessionId, pid } = status;
  const said = { id: `claude-${at}-${state}`, at };
  const fields: SignalFields = { nativeSessionId: sessionId, pid };
  switch (state) {
    case "busy":
      return { ...said, event: "witness_active", fields: { ...fields, type: WITNESS_NO_DIALOG } };
    case "idle":
      return { ...said, event: "witness_idle", fields };
    case "shell":
      return { ...said, event: "witness_idle", fields: { ...fields, type: state } };
    case "waiting":
      return { ...said, event: "witness_blocked", fields: { ...fields, type: dialogOf(waitingFor) } };
  }
}

function dialogOf(waitingFor: string | undefined): string | undefined {
  if (waitingFor === undefined) return undefined;
  return Object.hasOwn(DIALOGS, waitingFor) ? DIALOGS[waitingFor] : waitingFor;
}
