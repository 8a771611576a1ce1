import type * as pb from "../../gen/ao/v1/session_service.ts";
import type { SendRequest, SpawnRequest } from "../lifecycle/api.ts";
import { answers, whenBusyWords } from "../wire/request-words.ts";
import { permissionModes, runtimeKinds, sessionKinds, statuses } from "../wire/session-words.ts";
import * as fields from "./fields.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PROMPT_BYTES = 120_000;

/** Validates a spawn. */
export function spawnRequest(request: pb.SpawnSessionRequest): SpawnRequest {
  return {
    projectId: fields.requiredId("project_id", request.projectId),
    harness: fields.optionalId("harness", request.harness),
    prompt: fields.longText("prompt", request.prompt, PROMPT_BYTES),
    name: fields.line("name", request.name, 100),
    branch: fields.gitRef("branch", request.branch),
    baseRef: fields.gitRef("base_ref", request.baseRef),
    model: fields.line("model", request.model, 200),
    permissionMode: fields.word("permission_mode", request.permissionMode, {
      table: permissionModes,
      fallback: "default",
    }),
    kind: fields.word("kind", request.kind, { table: sessionKinds, fallback: "worker" }),
    issue: fields.line("issue", request.issue, 200),
    runtime: fields.word("runtime", request.runtime, { table: runtimeKinds, fallback: "tmux" }),
    requestId: fields.line("request_id", request.requestId, 100),
    environment: fields.environment("environment", request.environment),
    labels: fields.labels("labels", request.labels),
  };
}

/** Validates the filter of a list. */
export function sessionFilter(request: pb.ListSessionsRequest) {
  return {
    projectId: fields.optionalId("project_id", request.projectId),
    statuses: request.statuses.map((value) => fields.word("statuses", value, { table: statuses })),
  };
}

/** Validates a change of name or labels. */
export function sessionUpdate(request: pb.UpdateSessionRequest) {
  const session = fields.requiredMessage("session", request.session);
  const paths = fields.maskPaths("update_mask", request.updateMask, ["name", "labels"]);
  return {
    sessionId: fields.sessionRef("session.id", session.id),
    changes: {
      ...(paths.has("name") && { name: fields.line("session.name", session.name, 100) }),
      ...(paths.has("labels") && { labels: fields.labels("session.labels", session.labels) }),
    },
  };
}

/** Validates a message for an agent. */
export function sendRequest(request: pb.SendMessageRequest): SendRequest {
  return {
    sessionId: fields.sessionRef("session_id", request.sessionId),
    text: fields.typableText("text", request.text, 100_000),
    whenBusy: fields.word("when_busy", request.whenBusy, { table: whenBusyWords, fallback: "wait" }),
    waitTimeoutMs: fields.durationMs("wait_timeout", request.waitTimeout, {
      defaultMs: 10 * MINUTE,
      maxMs: DAY,
    }),
    requestId: fields.line("request_id", request.requestId, 100),
    noWait: request.noWait,
  };
}

/** Validates a wait for a message. */
export function waitMessageRequest(request: pb.WaitMessageRequest) {
  return {
    messageId: fields.requiredId("message_id", request.messageId),
    timeoutMs: fields.durationMs("timeout", request.timeout, { defaultMs: 10 * MINUTE, maxMs: DAY }),
  };
}

/** Validates a decision on a request. */
export function answerRequest(request: pb.AnswerRequestRequest) {
  return {
    sessionId: fields.sessionRef("session_id", request.sessionId),
    requestId: fields.line("request_id", request.requestId, 200),
    answer: fields.word("answer", request.answer, { table: answers }),
  };
}

/** Validates a kill. */
export function killRequest(request: pb.KillSessionRequest) {
  return {
    sessionId: fields.sessionRef("session_id", request.sessionId),
    graceMs: fields.durationMs("grace_duration", request.graceDuration, { defaultMs: 5_000, maxMs: MINUTE }),
  };
}

/** Validates a restore. */
export function restoreRequest(request: pb.RestoreSessionRequest) {
  return {
    sessionId: fields.sessionRef("session_id", request.sessionId),
    prompt: fields.longText("prompt", request.prompt, PROMPT_BYTES),
    fresh: request.fresh,
    environment: fields.environment("environment", request.environment),
  };
}

/** Validates what to watch. */
export function watchOptions(request: pb.WatchSessionsRequest) {
  return {
    afterRevision: fields.position("after_revision", request.afterRevision),
    afterEpoch: fields.optionalId("after_epoch", request.afterEpoch) || undefined,
    projectId: fields.optionalId("project_id", request.projectId) || undefined,
  };
}

/** Validates a wait. */
export function waitRequest(request: pb.WaitSessionRequest) {
  if (request.statuses.length === 0) throw fields.invalid("statuses", "", "must name at least one status");
  return {
    sessionId: fields.sessionRef("session_id", request.sessionId),
    statuses: request.statuses.map((value) => fields.word("statuses", value, { table: statuses })),
    timeoutMs: fields.durationMs("timeout", request.timeout, { defaultMs: 10 * MINUTE, maxMs: DAY }),
  };
}

/** Validates how much of a screen to show. */
export function terminalRequest(request: pb.GetTerminalRequest) {
  return {
    sessionId: fields.sessionRef("session_id", request.sessionId),
    lines: fields.count("lines", request.lines, { fallback: 200, max: 10_000 }),
  };
}
