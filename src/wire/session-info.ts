import type { RestoreMode, RestorePlan } from "../core/restore-plan.ts";
import type {
  ActivityState,
  ExitCause,
  Facts,
  PendingRequest,
  PermissionMode,
  ProcessState,
  RuntimeKind,
  Session,
  SessionKind,
  Status,
  WaitingKind,
  Workspace,
} from "../core/session.ts";

/**
 * A session as clients see it. Times are epoch ms. A word that is undefined is one this version does not know; text
 * that is not known is empty.
 */
export interface SessionInfo {
  id: string;
  projectId: string;
  harness: string;
  kind?: SessionKind;
  name: string;
  status?: Status;
  statusReason: string;
  process: ProcessInfo;
  activity: ActivityInfo;
  backgroundTasks: number;
  launchId: string;
  /** Current native conversation; empty until the agent told. */
  nativeSessionId: string;
  /** Oldest first; the last is current. */
  nativeSessionIds: readonly string[];
  title: string;
  summary: string;
  workspace: Workspace;
  runtime?: RuntimeKind;
  /** Argument vector that attaches a person's terminal; empty when there is none. */
  attachCommand: readonly string[];
  permissionMode?: PermissionMode;
  model: string;
  issue: string;
  labels: Readonly<Record<string, string>>;
  createTime?: number;
  updateTime?: number;
  revision: number;
  /** What a restore would do; undefined while the process may run. */
  restore?: RestoreInfo;
}

/** What a restore of an ended session would do. */
export interface RestoreInfo {
  mode?: RestoreMode;
  /** The conversation it would continue; empty unless it resumes. */
  nativeSessionId: string;
  /** Why it cannot; empty when it can. */
  problem: string;
  /** Nobody asked for the end of the process. */
  endedUnasked: boolean;
}

/** What is known of the agent's process. */
export interface ProcessInfo {
  state?: ProcessState;
  pid?: number;
  exit?: ExitInfo;
}

/** How a process ended. */
export interface ExitInfo {
  code?: number;
  /** Such as "SIGKILL"; empty when none did. */
  signal: string;
  cause?: ExitCause;
  time?: number;
}

/** What the agent's turn is doing. */
export interface ActivityInfo {
  state?: ActivityState;
  since?: number;
  lastSignalTime?: number;
  waitingOn?: WaitingInfo;
  /** Signal that proves the state; may be empty. */
  signalId: string;
}

/** What an agent waits for. */
export interface WaitingInfo {
  kind?: WaitingKind;
  tool: string;
  /** At most 500 characters, no control characters. */
  message: string;
  requestId: string;
  /** When the wait ends by itself. */
  until?: number;
}

/** A stored session with what is derived when it is read. */
export interface PresentedSession {
  session: Session;
  status: Status;
  statusReason: string;
  attachCommand: readonly string[];
  restore?: RestorePlan;
}

/** Leaves out of a session what is nobody's business outside the daemon, and names what it waits on. */
export function describeSession({
  session,
  status,
  statusReason,
  attachCommand,
  restore,
}: PresentedSession): SessionInfo {
  const { facts } = session;
  return {
    id: session.id,
    projectId: session.projectId,
    harness: session.harness,
    kind: session.kind,
    name: session.name,
    status,
    statusReason,
    process: describeProcess(facts),
    activity: describeActivity(facts),
    backgroundTasks: facts.backgroundTasks,
    launchId: facts.launchId,
    nativeSessionId: facts.nativeSessionIds.at(-1) ?? "",
    nativeSessionIds: facts.nativeSessionIds,
    title: facts.title,
    summary: facts.summary,
    workspace: session.workspace,
    runtime: session.runtime,
    attachCommand,
    permissionMode: session.permissionMode,
    model: session.model,
    issue: session.issue,
    labels: session.labels,
    createTime: session.createTime,
    updateTime: session.updateTime,
    revision: session.revision,
    restore: restore && describeRestore(restore),
  };
}

function describeRestore({ mode, nativeSessionId, problem, unasked }: RestorePlan): RestoreInfo {
  return {
    mode,
    nativeSessionId: nativeSessionId ?? "",
    problem: plainText(problem ?? ""),
    endedUnasked: unasked,
  };
}

function describeProcess({ process }: Facts): ProcessInfo {
  const { exit } = process;
  return {
    state: process.state,
    pid: process.pid,
    exit: exit && { code: exit.code, signal: exit.signal ?? "", cause: exit.cause, time: exit.time },
  };
}

function describeActivity(facts: Facts): ActivityInfo {
  const { state, since, lastSignalTime, signalId } = facts.activity;
  return { state, since, lastSignalTime, waitingOn: describeWaiting(facts), signalId: signalId ?? "" };
}

/** The oldest open request is what the session waits on; an agent that asked for its next instruction has none open. */
function describeWaiting(facts: Facts): WaitingInfo | undefined {
  const { state } = facts.activity;
  if (state !== "blocked" && state !== "waiting_input") return undefined;
  const [first, ...others] = facts.requests;
  if (!first)
    return { kind: state === "waiting_input" ? "prompt" : undefined, tool: "", message: "", requestId: "" };
  const oldest = others.reduce((a, b) => (b.since < a.since ? b : a), first);
  return describeRequest(oldest);
}

function describeRequest(request: PendingRequest): WaitingInfo {
  return {
    kind: request.kind,
    tool: request.tool ?? "",
    message: plainText(request.message ?? ""),
    requestId: request.requestId,
    until: request.until,
  };
}

/** An agent's words end up in terminals: no control characters, at most 500 characters. */
function plainText(text: string): string {
  return [...text.replace(/\p{Cc}+/gu, " ")].slice(0, 500).join("");
}
