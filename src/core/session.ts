export type SessionKind = "worker" | "orchestrator";
export type PermissionMode = "default" | "accept-edits" | "auto" | "bypass-permissions";
export type RuntimeKind = "tmux" | "process";
export type ProcessState = "starting" | "running" | "exited" | "lost";
export type ActivityState = "active" | "idle" | "waiting_input" | "blocked" | "exited";
export type WaitingKind = "permission" | "question" | "prompt" | "limit" | "auth";
export type ExitCause =
  | "exited"
  | "signaled"
  | "killed"
  | "out_of_memory"
  | "host_rebooted"
  | "terminal_gone"
  | "spawn_failed";

/** The one word shown to a person; derived at read time, never stored. Order of design §6. */
export const STATUSES = [
  "terminated",
  "failed",
  "exited",
  "lost",
  "starting",
  "needs_input",
  "unverified",
  "working",
  "no_signal",
  "idle",
] as const;
export type Status = (typeof STATUSES)[number];

/** How a process ended. Times are epoch ms, everywhere in core. */
export interface Exit {
  code?: number;
  /** Such as "SIGKILL". */
  signal?: string;
  /** Undefined when nobody saw it end. */
  cause?: ExitCause;
  time: number;
}

export interface ProcessFacts {
  state: ProcessState;
  /** The agent's own pid, not a wrapper's. */
  pid?: number;
  /** Clock ticks since boot; with the pid it names one process for ever. */
  pidStartTicks?: number;
  /** When the launcher reported it running. */
  runningTime?: number;
  /** When it was found stopped; absent while it is not. */
  stoppedTime?: number;
  exit?: Exit;
}

export interface ActivityFacts {
  state: ActivityState;
  /** When the state began, by the evidence's own time. */
  since: number;
  /** Newest evidence of any kind for this launch. */
  lastSignalTime?: number;
  /** Evidence time the state rests on: older evidence is superseded. */
  evidenceTime: number;
  /** Signal that proves the state. */
  signalId?: string;
}

/** A dialog that is open, or a wait. The oldest open one is what the session waits on. */
export interface PendingRequest {
  kind: WaitingKind;
  since: number;
  tool?: string;
  toolUseId?: string;
  toolInputDigest?: string;
  message?: string;
  /** The agent's id, else one made from the signal. */
  requestId: string;
  /** Subagent that asks; undefined for the root. */
  agentId?: string;
  /** When the wait ends by itself. */
  until?: number;
  /** The second witness has shown this dialog open too. */
  witnessed?: boolean;
  /** When it last did: what it saw before is no word of this dialog's end. */
  witnessedTime?: number;
  /** Where it names no tool, the open one with its input, else the only open one: it is over when that has ended. */
  during?: Pick<ToolUse, "toolName" | "toolUseId" | "toolInputDigest">;
  /** Tool uses it may be about, where the request names none and several fit. */
  candidates?: readonly string[];
}

/** What the root's turn does underneath open requests and the process's end. */
export type TurnState = "active" | "idle" | "waiting_input";

/** One use of a tool, as far as its events told. */
export interface ToolUse {
  time: number;
  toolName?: string;
  toolUseId?: string;
  toolInputDigest?: string;
  /** Subagent that uses it; undefined for the root. */
  agentId?: string;
  /** The request that was answered, where an answer and no tool event ended it. */
  requestId?: string;
}

/**
 * What the reducer remembers to judge evidence that comes late, out of order or from a subagent.
 *
 * Bookkeeping: shown to nobody, every list bounded. Absent in hand-made facts; the reducer then starts afresh.
 */
export interface ReducerMemory {
  turn: {
    state: TurnState;
    evidenceTime: number;
    /** Its newest evidence but for ends of tools, where it rests on one: those come of a turn that was stopped, too. */
    besidesEnds?: number;
  };
  /** When a person stopped the turn, until something begins another. */
  stoppedTime?: number;
  /** A compaction that began between turns runs. */
  compactingSince?: number;
  /** Prompts of the turn that runs which the model has not been given with a tool's results; the first began it. */
  prompts?: number;
  /** The turn ended with a prompt queued: until then it may begin the next one. */
  queueTime?: number;
  /** The newest end of a compaction. */
  compactedTime?: number;
  /** Tools that began and have not been seen to end, oldest first. */
  openTools: readonly ToolUse[];
  /** Tools seen to end, requests seen answered, oldest first. */
  endedTools: readonly ToolUse[];
  /** Requests of `agent` ("" the root, "*" everybody) begun before `time` are over. */
  fences: readonly { agent: string; time: number }[];
  /** Subagents that began and have not been seen to end. */
  runningAgents: readonly string[];
  /** The newest end of each of some that ran, oldest first. */
  endedAgents?: readonly { agent: string; time: number }[];
  /** The newest end of a turn that came while the root's tool waited for a subagent: whose it was is not told. */
  heldEnd?: number;
  /** The turn that is over said so itself: what runs on was counted then, `own` by the agent; `late` began since. */
  counted?: { time: number; own: boolean; late: readonly { agent: string; time: number }[] };
  /** Newest count of background tasks by the agent itself, in whatever turn it arrived. */
  ownCountTime?: number;
  /** Newest evidence that the current native id is current. */
  nativeTime?: number;
  /** Newest hook or report. */
  hookTime?: number;
  /** The second witness has shown a dialog in this launch: it is not blind to them. */
  showsDialogs?: boolean;
  /** Conversation the second witness named last: the process's own, whoever else talks in it. */
  witnessedId?: string;
}

/** Everything the reducer knows of a session's current launch, and what outlives launches. */
export interface Facts {
  launchId: string;
  /** When the launch was asked for. */
  launchTime: number;
  /** A prompt was given at launch and no prompt event has come back yet. */
  promptPending: boolean;
  /** That prompt is typed into the composer: the outbox holds it. */
  promptTyped?: boolean;
  /** No terminal: dialogs cannot be answered, requests are denied by the agent itself. */
  headless: boolean;
  process: ProcessFacts;
  activity: ActivityFacts;
  requests: readonly PendingRequest[];
  backgroundTasks: number;
  /** First hook or report of this launch (R10). */
  receiptTime?: number;
  /** The composer was seen on screen. */
  readyTime?: number;
  /** What the screen shows instead of the composer: trust, login, update, … */
  gate?: string;
  /** Newest prompt event of the root in this launch, a person's or queued: acknowledges a sent message. */
  promptTime?: number;
  /** Somebody asked ao to end this launch. */
  killRequestedTime?: number;
  /** Last time the second witness confirmed the turn (R8). */
  witnessTime?: number;
  /** A turn has begun in this launch or an earlier one, so that its directory holds a conversation of it. Outlives launches. */
  conversed?: true;
  /** Oldest first; the last is current. Outlives launches. */
  nativeSessionIds: readonly string[];
  title: string;
  summary: string;
  /** Absolute path of the agent's transcript, as its hooks tell. */
  transcriptPath?: string;
  /** Transcript of each native id of `nativeSessionIds`, as far as hooks told. Outlives launches. */
  transcripts?: Readonly<Record<string, string>>;
  /** Free for the reducer: conversations known to be children of the root. */
  childSessionIds?: readonly string[];
  /** Why the last turn failed or the spawn failed, for `status_reason`. */
  problem?: string;
  /** The reducer's own bookkeeping. */
  memory?: ReducerMemory;
}

export interface Workspace {
  path: string;
  branch: string;
  baseCommit: string;
}

/** A session as stored: identity and facts. */
export interface Session {
  id: string;
  projectId: string;
  harness: string;
  kind: SessionKind;
  name: string;
  runtime: RuntimeKind;
  permissionMode: PermissionMode;
  model: string;
  issue: string;
  labels: Readonly<Record<string, string>>;
  workspace: Workspace;
  facts: Facts;
  /** Spawn idempotency: the caller's key and a digest of its arguments. */
  requestId?: string;
  requestDigest?: string;
  createTime: number;
  updateTime: number;
  revision: number;
}

export interface Project {
  id: string;
  path: string;
  defaultBranch: string;
  defaultHarness: string;
  createTime: number;
  updateTime: number;
}

/** One run of the agent for a session. */
export interface Launch {
  id: string;
  sessionId: string;
  /** 1 for the first. */
  number: number;
  /** Boot id of the host it ran under (R9). */
  bootId: string;
  /** Opaque to all but the runtime that made it. */
  runtimeHandle: string;
  createTime: number;
  endTime?: number;
  /** SHA-256 of the session token, hex. */
  tokenDigest: string;
}
