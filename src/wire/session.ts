import type * as pb from "../../gen/ao/v1/session.ts";
import type { ActivityInfo, ProcessInfo, SessionInfo, WaitingInfo } from "./session-info.ts";
import {
  activityStates,
  exitCauses,
  permissionModes,
  processStates,
  restoreModes,
  runtimeKinds,
  sessionKinds,
  statuses,
  waitingKinds,
} from "./session-words.ts";
import { fromDate, toDate } from "./time.ts";

/** Number every enum uses for "not given". */
const UNSPECIFIED = 0;

/** Converts a session to its message. */
export function sessionToProto(session: SessionInfo): pb.Session {
  return {
    id: session.id,
    project: session.projectId,
    harness: session.harness,
    kind: session.kind ? sessionKinds.toProto(session.kind) : UNSPECIFIED,
    name: session.name,
    status: session.status ? statuses.toProto(session.status) : UNSPECIFIED,
    statusReason: session.statusReason,
    process: processToProto(session.process),
    activity: activityToProto(session.activity),
    backgroundTasks: session.backgroundTasks,
    launchId: session.launchId,
    nativeSessionId: session.nativeSessionId,
    title: session.title,
    summary: session.summary,
    workspace: { ...session.workspace },
    terminal: {
      runtime: session.runtime ? runtimeKinds.toProto(session.runtime) : UNSPECIFIED,
      attachCommand: [...session.attachCommand],
    },
    permissionMode: session.permissionMode ? permissionModes.toProto(session.permissionMode) : UNSPECIFIED,
    model: session.model,
    issue: session.issue,
    labels: { ...session.labels },
    createTime: toDate(session.createTime),
    updateTime: toDate(session.updateTime),
    revision: session.revision,
    nativeSessionIds: [...session.nativeSessionIds],
    restore: session.restore && {
      ...session.restore,
      mode: session.restore.mode ? restoreModes.toProto(session.restore.mode) : UNSPECIFIED,
    },
  };
}

/** Converts a message to a session; a message from a newer daemon may hold words this version does not know. */
export function sessionFromProto(message: pb.Session): SessionInfo {
  return {
    id: message.id,
    projectId: message.project,
    harness: message.harness,
    kind: sessionKinds.fromProto(message.kind),
    name: message.name,
    status: statuses.fromProto(message.status),
    statusReason: message.statusReason,
    process: processFromProto(message.process),
    activity: activityFromProto(message.activity),
    backgroundTasks: message.backgroundTasks,
    launchId: message.launchId,
    nativeSessionId: message.nativeSessionId,
    nativeSessionIds: message.nativeSessionIds,
    title: message.title,
    summary: message.summary,
    workspace: message.workspace ?? { path: "", branch: "", baseCommit: "" },
    runtime: runtimeKinds.fromProto(message.terminal?.runtime ?? UNSPECIFIED),
    attachCommand: message.terminal?.attachCommand ?? [],
    permissionMode: permissionModes.fromProto(message.permissionMode),
    model: message.model,
    issue: message.issue,
    labels: message.labels,
    createTime: fromDate(message.createTime),
    updateTime: fromDate(message.updateTime),
    revision: message.revision,
    restore: message.restore && { ...message.restore, mode: restoreModes.fromProto(message.restore.mode) },
  };
}

function processToProto({ state, pid, exit }: ProcessInfo): pb.Process {
  return {
    state: state ? processStates.toProto(state) : UNSPECIFIED,
    pid: pid ?? 0,
    exit: exit && {
      code: exit.code,
      signal: exit.signal,
      cause: exit.cause ? exitCauses.toProto(exit.cause) : UNSPECIFIED,
      time: toDate(exit.time),
    },
  };
}

function processFromProto(message: pb.Process | undefined): ProcessInfo {
  if (!message) return {};
  const { exit } = message;
  return {
    state: processStates.fromProto(message.state),
    pid: message.pid || undefined,
    exit: exit && {
      code: exit.code,
      signal: exit.signal,
      cause: exitCauses.fromProto(exit.cause),
      time: fromDate(exit.time),
    },
  };
}

function activityToProto(activity: ActivityInfo): pb.Activity {
  return {
    state: activity.state ? activityStates.toProto(activity.state) : UNSPECIFIED,
    sinceTime: toDate(activity.since),
    lastSignalTime: toDate(activity.lastSignalTime),
    waitingOn: activity.waitingOn && waitingToProto(activity.waitingOn),
    signalId: activity.signalId,
  };
}

function activityFromProto(message: pb.Activity | undefined): ActivityInfo {
  if (!message) return { signalId: "" };
  return {
    state: activityStates.fromProto(message.state),
    since: fromDate(message.sinceTime),
    lastSignalTime: fromDate(message.lastSignalTime),
    waitingOn: message.waitingOn && waitingFromProto(message.waitingOn),
    signalId: message.signalId,
  };
}

function waitingToProto(waiting: WaitingInfo): pb.WaitingOn {
  return {
    kind: waiting.kind ? waitingKinds.toProto(waiting.kind) : UNSPECIFIED,
    tool: waiting.tool,
    message: waiting.message,
    requestId: waiting.requestId,
    untilTime: toDate(waiting.until),
  };
}

function waitingFromProto(message: pb.WaitingOn): WaitingInfo {
  return {
    kind: waitingKinds.fromProto(message.kind),
    tool: message.tool,
    message: message.message,
    requestId: message.requestId,
    until: fromDate(message.untilTime),
  };
}
