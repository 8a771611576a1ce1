/** Where an observation comes from. */
export type SignalKind = "hook" | "process" | "witness" | "probe" | "report" | "request";

/** What became of a signal. */
export type SignalOutcome = "applied" | "recorded" | "duplicate" | "stale_launch" | "superseded" | "rejected";

/** What ao keeps of a payload; tool input and output are never among it. Absent fields are undefined. */
export interface SignalFields {
  nativeSessionId?: string;
  /** Conversation this one is a child of (opencode, copilot). */
  parentSessionId?: string;
  /** Subagent the event belongs to; undefined for the root agent. */
  agentId?: string;
  toolName?: string;
  toolUseId?: string;
  /** 16 hex digits of SHA-256 over the canonical JSON of the tool's input. */
  toolInputDigest?: string;
  /** The agent's id of a permission or question request. */
  requestId?: string;
  reason?: string;
  source?: string;
  type?: string;
  /** At most 500 characters. */
  prompt?: string;
  /** At most 500 characters. */
  message?: string;
  backgroundTasks?: number;
  transcriptPath?: string;
  cwd?: string;
  pid?: number;
  /** Kernel start time of `pid`, clock ticks since boot. */
  pidStartTicks?: number;
  exitCode?: number;
  exitSignal?: string;
  /** The payload was cut at 1 MiB or was not JSON. */
  partial?: boolean;
}

/** One observation about a launch, before anything is made of it. */
export interface Signal {
  /** Stable: a repeated delivery has the same id. Unique within the launch. */
  id: string;
  launchId: string;
  /** Position within its stream and launch, from 1; 0 when it came by itself. */
  seq: number;
  /** Epoch ms of the start of the hook, the write of the status file, the exit. */
  observedTime: number;
  kind: SignalKind;
  harness: string;
  /** The agent's own name of the event (or ao's, for process, probe and request signals). */
  event: string;
  fields: SignalFields;
}

/**
 * What an event means, whatever agent sent it. A harness's event table maps its events to these;
 * parameters stand in the signal's fields.
 */
export const MEANINGS = [
  /** Proof of life, nothing else. */
  "receipt",
  /** A conversation began, was resumed, cleared or compacted (`source`); mints `nativeSessionId`. */
  "conversation_start",
  /** The conversation ended (`reason`); the process may live on. */
  "conversation_end",
  /** A person's prompt: the turn begins, or is queued in mid-turn. */
  "prompt",
  /** A prompt no person wrote (task notification, tool results): the turn goes on or begins. */
  "prompt_synthetic",
  /** The agent is about to use a tool. */
  "tool_start",
  /** The tool ended, well or not. */
  "tool_end",
  /** All tools of one model answer ended. */
  "tool_batch_end",
  /** The turn evidently runs. */
  "progress",
  /** A permission dialog opens. */
  "permission_request",
  /** A question dialog opens. */
  "question_request",
  /** A request was answered (`requestId`, `reason` approve or deny): the turn goes on. */
  "request_answered",
  /** A notification says a permission is wanted; raises only what a request began. */
  "notify_permission",
  /** A notification says the agent is idle at its prompt. */
  "notify_idle",
  /** A notification says the agent asks for the next instruction. */
  "notify_input",
  /** The turn ended (`message`, `backgroundTasks`). */
  "turn_end",
  /** A person stopped the turn. */
  "turn_interrupted",
  /** The turn ended with an error (`reason`). */
  "turn_failed",
  /** The turn met an error (`message`, `reason`); the agent tells its end apart. */
  "turn_problem",
  /** A usage limit stops the agent. */
  "limit",
  /** The agent wants a login. */
  "auth_required",
  "subagent_start",
  "subagent_end",
  "compact_start",
  "compact_end",
  /** Second witness: the agent itself says its turn runs. */
  "witness_active",
  /** Second witness: the turn is over. */
  "witness_idle",
  /** Second witness: a dialog is open (`type` permission, question). */
  "witness_blocked",
  /** The launcher started the agent (`pid`, `pidStartTicks`). */
  "process_started",
  /** The launcher saw the agent end (`exitCode` or `exitSignal`, `reason` = cause). */
  "process_exited",
  /** A probe found the process gone, twice, with nothing newer (R9). */
  "process_dead",
  /** A probe or a hook found the process alive after it was called lost (R4). */
  "process_alive",
  /** A probe found the process stopped: alive, but held by a signal or a debugger. */
  "process_stopped",
  /** A probe found the process running on. */
  "process_continued",
  /** The screen shows the agent's empty composer. */
  "screen_ready",
  /** The screen shows a gate (`type` trust, login, update, hooks_review, …). */
  "screen_gate",
  /** Somebody asked for this launch (`type` "prompt" when one was given, `source` "headless" without a terminal). */
  "launch_requested",
  /** Somebody asked ao to end the process. */
  "kill_requested",
  /** The launch failed before the agent ran (`message`). */
  "spawn_failed",
] as const;

/** `fields.type` of a `witness_active` that only confirms: it renews the lease (R8), ends nothing and begins nothing. */
export const WITNESS_LEASE = "lease";

/** `fields.type` of a `witness_active` of a witness that shows dialogs: none is open. */
export const WITNESS_NO_DIALOG = "no_dialog";

/** How ids of requests begin that no event of the agent told of: a dialog stands on its screen. */
export const SCREEN_DIALOG = "screen-";

/** What an event means. */
export type Meaning = (typeof MEANINGS)[number];

/** What only ao itself observes: no event of an agent may claim it. */
type OwnObservation =
  | "process_started"
  | "process_exited"
  | "process_dead"
  | "process_alive"
  | "process_stopped"
  | "process_continued"
  | "screen_ready"
  | "screen_gate"
  | "launch_requested"
  | "kill_requested"
  | "spawn_failed";

/** What an agent's event may mean. */
export type EventMeaning = Exclude<Meaning, OwnObservation>;
