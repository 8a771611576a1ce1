import { SessionServiceDefinition, type SpawnSessionRequest } from "../../gen/ao/v1/session_service.ts";
import type { SendStage, WhenBusy } from "../core/message.ts";
import type { RestoreMode } from "../core/restore-plan.ts";
import type { PermissionMode, RuntimeKind, SessionKind, Status } from "../core/session.ts";
import { type MessageInfo, messageFromProto } from "../wire/message.ts";
import { type Answer, answers, sendStages, whenBusyWords } from "../wire/request-words.ts";
import { sessionFromProto } from "../wire/session.ts";
import type { SessionInfo } from "../wire/session-info.ts";
import {
  permissionModes,
  restoreModes,
  runtimeKinds,
  sessionKinds,
  statuses,
} from "../wire/session-words.ts";
import { toDuration } from "../wire/time.ts";
import type { Connection } from "./connection.ts";
import { DEADLINE_MS, DEFAULT_WAIT_MS } from "./deadlines.ts";
import { required } from "./required.ts";
import { type WatchUpdate, watchUpdateFromProto } from "./watch-update.ts";

/** The session to start; what is left out takes the daemon's default. */
export interface SpawnFields {
  projectId: string;
  harness?: string;
  prompt?: string;
  name?: string;
  branch?: string;
  baseRef?: string;
  model?: string;
  permissionMode?: PermissionMode;
  kind?: SessionKind;
  issue?: string;
  runtime?: RuntimeKind;
  requestId?: string;
  environment?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
}

/** Calls of SessionService. `sessionId` is an id or a unique name; errors are those of the RPC of the same name. */
export interface SessionCalls {
  spawn(fields: SpawnFields, signal?: AbortSignal): Promise<SessionInfo>;
  get(sessionId: string, signal?: AbortSignal): Promise<SessionInfo>;
  list(
    filter?: { pageSize?: number; pageToken?: string; projectId?: string; statuses?: readonly Status[] },
    signal?: AbortSignal,
  ): Promise<{ sessions: SessionInfo[]; nextPageToken: string; revision: number }>;
  /** Changes only the fields given. */
  update(
    fields: { sessionId: string; name?: string; labels?: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<SessionInfo>;
  send(
    message: {
      sessionId: string;
      text: string;
      whenBusy?: WhenBusy;
      waitTimeoutMs?: number;
      requestId?: string;
      /** Returns as soon as the message is in the outbox. */
      noWait?: boolean;
    },
    signal?: AbortSignal,
  ): Promise<{ messageId: string; stage: SendStage; detail: string }>;
  /** Newest first. */
  listMessages(
    request: { sessionId: string; pageSize?: number; pageToken?: string },
    signal?: AbortSignal,
  ): Promise<{ messages: MessageInfo[]; nextPageToken: string }>;
  /** The message once the outbox is done with it, or as it is when the time is up. */
  waitMessage(request: { messageId: string; timeoutMs?: number }, signal?: AbortSignal): Promise<MessageInfo>;
  cancelMessage(
    messageId: string,
    signal?: AbortSignal,
  ): Promise<{ message: MessageInfo; cancelled: boolean }>;
  interrupt(sessionId: string, signal?: AbortSignal): Promise<{ session: SessionInfo; interrupted: boolean }>;
  answer(
    decision: { sessionId: string; requestId?: string; answer: Answer },
    signal?: AbortSignal,
  ): Promise<SessionInfo>;
  kill(request: { sessionId: string; graceMs?: number }, signal?: AbortSignal): Promise<SessionInfo>;
  restore(
    request: {
      sessionId: string;
      prompt?: string;
      fresh?: boolean;
      environment?: Readonly<Record<string, string>>;
    },
    signal?: AbortSignal,
  ): Promise<{ session: SessionInfo; mode?: RestoreMode }>;
  /** Ref of the salvaged work and branch left in place, each empty when there is none; folders that were not kept. */
  remove(
    sessionId: string,
    signal?: AbortSignal,
  ): Promise<{ salvageRef: string; keptBranch: string; leftOut: readonly string[] }>;
  /** One stream, which ends with its connection; `watchSessions` resumes by itself. */
  watch(
    options?: { afterRevision?: number; projectId?: string },
    signal?: AbortSignal,
  ): AsyncIterable<WatchUpdate>;
  wait(
    request: { sessionId: string; statuses: readonly Status[]; timeoutMs?: number },
    signal?: AbortSignal,
  ): Promise<SessionInfo>;
  /** What the terminal shows, plain text. */
  terminal(request: { sessionId: string; lines?: number }, signal?: AbortSignal): Promise<string>;
}

/** Makes the calls of SessionService. */
export function createSessionCalls(connection: Connection): SessionCalls {
  return {
    ...readCalls(connection),
    ...launchCalls(connection),
    ...steerCalls(connection),
    ...messageCalls(connection),
  };
}

function readCalls(
  connection: Connection,
): Pick<SessionCalls, "get" | "list" | "update" | "terminal" | "watch" | "wait"> {
  const stubs = connection.stubs(SessionServiceDefinition);
  const read = (name: string, signal?: AbortSignal) => ({ name, deadlineMs: DEADLINE_MS.read, signal });
  return {
    get: async (sessionId, signal) => {
      const call = read("GetSession", signal);
      return one(await connection.unary(call, (options) => stubs.getSession({ sessionId }, options)));
    },
    list: async (filter = {}, signal) => {
      const request = { ...filter, statuses: filter.statuses?.map(statuses.toProto) };
      const call = read("ListSessions", signal);
      const page = await connection.unary(call, (options) => stubs.listSessions(request, options));
      return { ...page, sessions: page.sessions.map(sessionFromProto) };
    },
    update: async ({ sessionId: id, name, labels }, signal) => {
      const updateMask = [
        ...(name === undefined ? [] : ["name"]),
        ...(labels === undefined ? [] : ["labels"]),
      ];
      const request = { session: { id, name, labels }, updateMask };
      const call = read("UpdateSession", signal);
      return one(await connection.unary(call, (options) => stubs.updateSession(request, options)));
    },
    terminal: async (request, signal) => {
      const call = read("GetTerminal", signal);
      return (await connection.unary(call, (options) => stubs.getTerminal(request, options))).text;
    },
    watch: async function* (request = {}, signal) {
      const call = { name: "WatchSessions", signal };
      const messages = connection.stream(call, (options) => stubs.watchSessions(request, options));
      for await (const message of messages) yield watchUpdateFromProto(message);
    },
    wait: async ({ sessionId, statuses: wanted, timeoutMs = DEFAULT_WAIT_MS }, signal) => {
      const request = { sessionId, statuses: wanted.map(statuses.toProto), timeout: toDuration(timeoutMs) };
      const call = { name: "WaitSession", deadlineMs: timeoutMs + DEADLINE_MS.slack, signal };
      return one(await connection.unary(call, (options) => stubs.waitSession(request, options)));
    },
  };
}

function launchCalls(connection: Connection): Pick<SessionCalls, "spawn" | "restore" | "kill" | "remove"> {
  const stubs = connection.stubs(SessionServiceDefinition);
  return {
    spawn: async (fields, signal) => {
      const call = { name: "SpawnSession", deadlineMs: DEADLINE_MS.launch, signal };
      return one(
        await connection.unary(call, (options) => stubs.spawnSession(spawnRequest(fields), options)),
      );
    },
    restore: async (request, signal) => {
      const call = { name: "RestoreSession", deadlineMs: DEADLINE_MS.launch, signal };
      const response = await connection.unary(call, (options) => stubs.restoreSession(request, options));
      return { session: one(response), mode: restoreModes.fromProto(response.mode) };
    },
    kill: async ({ sessionId, graceMs }, signal) => {
      const request = { sessionId, graceDuration: graceMs === undefined ? undefined : toDuration(graceMs) };
      const call = { name: "KillSession", deadlineMs: (graceMs ?? 0) + DEADLINE_MS.kill, signal };
      return one(await connection.unary(call, (options) => stubs.killSession(request, options)));
    },
    remove: (sessionId, signal) => {
      const call = { name: "RemoveSession", deadlineMs: DEADLINE_MS.remove, signal };
      return connection.unary(call, (options) => stubs.removeSession({ sessionId }, options));
    },
  };
}

function steerCalls(connection: Connection): Pick<SessionCalls, "interrupt" | "answer"> {
  const stubs = connection.stubs(SessionServiceDefinition);
  const typing = (name: string, signal?: AbortSignal) => ({ name, deadlineMs: DEADLINE_MS.type, signal });
  return {
    interrupt: async (sessionId, signal) => {
      const call = typing("InterruptSession", signal);
      const response = await connection.unary(call, (options) =>
        stubs.interruptSession({ sessionId }, options),
      );
      return { session: one(response), interrupted: response.interrupted };
    },
    answer: async ({ answer, ...decision }, signal) => {
      const request = { ...decision, answer: answers.toProto(answer) };
      const call = typing("AnswerRequest", signal);
      return one(await connection.unary(call, (options) => stubs.answerRequest(request, options)));
    },
  };
}

function messageCalls(
  connection: Connection,
): Pick<SessionCalls, "send" | "listMessages" | "waitMessage" | "cancelMessage"> {
  const stubs = connection.stubs(SessionServiceDefinition);
  const read = (name: string, signal?: AbortSignal) => ({ name, deadlineMs: DEADLINE_MS.read, signal });
  return {
    send: async ({ whenBusy = "wait", waitTimeoutMs = DEFAULT_WAIT_MS, ...message }, signal) => {
      const waitTimeout = toDuration(waitTimeoutMs);
      const request = { ...message, whenBusy: whenBusyWords.toProto(whenBusy), waitTimeout };
      const deadlineMs = message.noWait ? DEADLINE_MS.read : waitTimeoutMs + DEADLINE_MS.send;
      const call = { name: "SendMessage", deadlineMs, signal };
      const { stage, ...sent } = await connection.unary(call, (options) =>
        stubs.sendMessage(request, options),
      );
      return { ...sent, stage: sendStages.fromProto(stage) ?? "queued" };
    },
    listMessages: async (request, signal) => {
      const call = read("ListMessages", signal);
      const page = await connection.unary(call, (options) => stubs.listMessages(request, options));
      return { ...page, messages: page.messages.map(messageFromProto) };
    },
    waitMessage: async ({ messageId, timeoutMs = DEFAULT_WAIT_MS }, signal) => {
      const request = { messageId, timeout: toDuration(timeoutMs) };
      const call = { name: "WaitMessage", deadlineMs: timeoutMs + DEADLINE_MS.slack, signal };
      const { message } = await connection.unary(call, (options) => stubs.waitMessage(request, options));
      return messageFromProto(required("message", message));
    },
    cancelMessage: async (messageId, signal) => {
      const call = read("CancelMessage", signal);
      const { message, cancelled } = await connection.unary(call, (options) =>
        stubs.cancelMessage({ messageId }, options),
      );
      return { message: messageFromProto(required("message", message)), cancelled };
    },
  };
}

function spawnRequest({
  permissionMode,
  kind,
  runtime,
  ...fields
}: SpawnFields): Partial<SpawnSessionRequest> {
  return {
    ...fields,
    environment: { ...fields.environment },
    labels: { ...fields.labels },
    permissionMode: permissionMode && permissionModes.toProto(permissionMode),
    kind: kind && sessionKinds.toProto(kind),
    runtime: runtime && runtimeKinds.toProto(runtime),
  };
}

function one(response: { session: Parameters<typeof sessionFromProto>[0] | undefined }): SessionInfo {
  return sessionFromProto(required("session", response.session));
}
