import type { SessionInfo } from "../client-types.ts";
import { isoTime, orNull } from "./json-values.ts";
import { restoreJson } from "./restore.ts";

/**
 * A session as `--json` prints it: lower-case words of the design, ISO times, null for whatever is absent.
 *
 * Keys are never renamed or taken away; programs read them.
 */
export function sessionJson(session: SessionInfo) {
  return {
    id: session.id,
    project: orNull(session.projectId),
    harness: orNull(session.harness),
    kind: orNull(session.kind),
    name: orNull(session.name),
    status: orNull(session.status),
    statusReason: orNull(session.statusReason),
    process: processJson(session.process),
    activity: activityJson(session.activity),
    backgroundTasks: session.backgroundTasks,
    launchId: orNull(session.launchId),
    nativeSessionId: orNull(session.nativeSessionId),
    nativeSessionIds: [...session.nativeSessionIds],
    title: orNull(session.title),
    summary: orNull(session.summary),
    workspace: { path: orNull(session.workspace.path), branch: orNull(session.workspace.branch) },
    createTime: isoTime(session.createTime),
    updateTime: isoTime(session.updateTime),
    revision: session.revision,
    runtime: orNull(session.runtime),
    permissionMode: orNull(session.permissionMode),
    model: orNull(session.model),
    issue: orNull(session.issue),
    labels: { ...session.labels },
    restore: restoreJson(session),
  };
}

function processJson({ state, pid, exit }: SessionInfo["process"]) {
  return {
    state: orNull(state),
    pid: pid ?? null,
    exit: exit
      ? {
          code: exit.code ?? null,
          signal: orNull(exit.signal),
          cause: orNull(exit.cause),
          time: isoTime(exit.time),
        }
      : null,
  };
}

function activityJson({ state, since, lastSignalTime, waitingOn }: SessionInfo["activity"]) {
  return {
    state: orNull(state),
    since: isoTime(since),
    lastSignalTime: isoTime(lastSignalTime),
    waitingOn: waitingOn
      ? {
          kind: orNull(waitingOn.kind),
          tool: orNull(waitingOn.tool),
          message: orNull(waitingOn.message),
          requestId: orNull(waitingOn.requestId),
          until: isoTime(waitingOn.until),
        }
      : null,
  };
}
