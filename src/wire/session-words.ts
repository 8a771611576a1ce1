import * as pb from "../../gen/ao/v1/session.ts";
import type { RestoreMode } from "../core/restore-plan.ts";
import type {
  ActivityState,
  ExitCause,
  PermissionMode,
  ProcessState,
  RuntimeKind,
  SessionKind,
  Status,
  WaitingKind,
} from "../core/session.ts";
import { enumTable } from "./enum-table.ts";

/** Session kinds on the wire. */
export const sessionKinds = enumTable<SessionKind, pb.SessionKind>({
  worker: pb.SessionKind.SESSION_KIND_WORKER,
  orchestrator: pb.SessionKind.SESSION_KIND_ORCHESTRATOR,
});

/** Statuses on the wire. */
export const statuses = enumTable<Status, pb.SessionStatus>({
  terminated: pb.SessionStatus.SESSION_STATUS_TERMINATED,
  failed: pb.SessionStatus.SESSION_STATUS_FAILED,
  exited: pb.SessionStatus.SESSION_STATUS_EXITED,
  lost: pb.SessionStatus.SESSION_STATUS_LOST,
  starting: pb.SessionStatus.SESSION_STATUS_STARTING,
  needs_input: pb.SessionStatus.SESSION_STATUS_NEEDS_INPUT,
  unverified: pb.SessionStatus.SESSION_STATUS_UNVERIFIED,
  working: pb.SessionStatus.SESSION_STATUS_WORKING,
  no_signal: pb.SessionStatus.SESSION_STATUS_NO_SIGNAL,
  idle: pb.SessionStatus.SESSION_STATUS_IDLE,
});

/** Process states on the wire. */
export const processStates = enumTable<ProcessState, pb.ProcessState>({
  starting: pb.ProcessState.PROCESS_STATE_STARTING,
  running: pb.ProcessState.PROCESS_STATE_RUNNING,
  exited: pb.ProcessState.PROCESS_STATE_EXITED,
  lost: pb.ProcessState.PROCESS_STATE_LOST,
});

/** Exit causes on the wire. */
export const exitCauses = enumTable<ExitCause, pb.ExitCause>({
  exited: pb.ExitCause.EXIT_CAUSE_EXITED,
  signaled: pb.ExitCause.EXIT_CAUSE_SIGNALED,
  killed: pb.ExitCause.EXIT_CAUSE_KILLED,
  out_of_memory: pb.ExitCause.EXIT_CAUSE_OUT_OF_MEMORY,
  host_rebooted: pb.ExitCause.EXIT_CAUSE_HOST_REBOOTED,
  terminal_gone: pb.ExitCause.EXIT_CAUSE_TERMINAL_GONE,
  spawn_failed: pb.ExitCause.EXIT_CAUSE_SPAWN_FAILED,
});

/** Activity states on the wire. */
export const activityStates = enumTable<ActivityState, pb.ActivityState>({
  active: pb.ActivityState.ACTIVITY_STATE_ACTIVE,
  idle: pb.ActivityState.ACTIVITY_STATE_IDLE,
  waiting_input: pb.ActivityState.ACTIVITY_STATE_WAITING_INPUT,
  blocked: pb.ActivityState.ACTIVITY_STATE_BLOCKED,
  exited: pb.ActivityState.ACTIVITY_STATE_EXITED,
});

/** Kinds of waits on the wire. */
export const waitingKinds = enumTable<WaitingKind, pb.WaitingKind>({
  permission: pb.WaitingKind.WAITING_KIND_PERMISSION,
  question: pb.WaitingKind.WAITING_KIND_QUESTION,
  prompt: pb.WaitingKind.WAITING_KIND_PROMPT,
  limit: pb.WaitingKind.WAITING_KIND_LIMIT,
  auth: pb.WaitingKind.WAITING_KIND_AUTH,
});

/** Permission modes on the wire. */
export const permissionModes = enumTable<PermissionMode, pb.PermissionMode>({
  default: pb.PermissionMode.PERMISSION_MODE_DEFAULT,
  "accept-edits": pb.PermissionMode.PERMISSION_MODE_ACCEPT_EDITS,
  auto: pb.PermissionMode.PERMISSION_MODE_AUTO,
  "bypass-permissions": pb.PermissionMode.PERMISSION_MODE_BYPASS_PERMISSIONS,
});

/** Runtimes on the wire. */
export const runtimeKinds = enumTable<RuntimeKind, pb.RuntimeKind>({
  tmux: pb.RuntimeKind.RUNTIME_KIND_TMUX,
  process: pb.RuntimeKind.RUNTIME_KIND_PROCESS,
});

/** What a restore does, on the wire. */
export const restoreModes = enumTable<RestoreMode, pb.RestoreMode>({
  resume: pb.RestoreMode.RESTORE_MODE_RESUME,
  resume_last: pb.RestoreMode.RESTORE_MODE_RESUME_LAST,
  start_again: pb.RestoreMode.RESTORE_MODE_START_AGAIN,
  impossible: pb.RestoreMode.RESTORE_MODE_IMPOSSIBLE,
});
