import type * as pb from "../../gen/ao/v1/session_service.ts";
import type { App, Sessions, SessionView, WatchMessage } from "../lifecycle/api.ts";
import { messageToProto } from "../wire/message.ts";
import { decodePageToken, encodePageToken, type PageScope, pageSize } from "../wire/page-token.ts";
import { sendStages } from "../wire/request-words.ts";
import { sessionToProto } from "../wire/session.ts";
import { describeSession } from "../wire/session-info.ts";
import { restoreModes } from "../wire/session-words.ts";
import { requiredId, sessionRef } from "./fields.ts";
import type { CallExtras, GuardedContext } from "./guard.ts";
import type { SessionPrincipal } from "./policy.ts";
import * as requests from "./session-requests.ts";

/** Its watch yields the lifecycle's messages, which `createWatchEncoding` encodes. */
export type SessionServiceHandlers = Omit<pb.SessionServiceImplementation<CallExtras>, "watchSessions"> & {
  watchSessions(request: pb.WatchSessionsRequest, context: GuardedContext): AsyncIterable<WatchMessage>;
};

/** Handlers of SessionService. */
export function createSessionService({ sessions }: Pick<App, "sessions">): SessionServiceHandlers {
  return {
    spawnSession: async (request) => one(await sessions.spawn(requests.spawnRequest(request))),
    getSession: async ({ sessionId }) => one(await sessions.get(sessionRef("session_id", sessionId))),
    listSessions: (request, { principal }) =>
      principal.kind === "session" ? listOwn(sessions, request, principal) : listPage(sessions, request),
    updateSession: async (request) => {
      const { sessionId, changes } = requests.sessionUpdate(request);
      return one(await sessions.update(sessionId, changes));
    },
    sendMessage: async (request, { signal }) => {
      const { messageId, stage, detail } = await sessions.send(requests.sendRequest(request), signal);
      return { messageId, stage: sendStages.toProto(stage), detail };
    },
    listMessages: (request) => listMessages(sessions, request),
    waitMessage: async (request, { signal }) => ({
      message: messageToProto(await sessions.waitMessage(requests.waitMessageRequest(request), signal)),
    }),
    cancelMessage: async ({ messageId }) => {
      const { message, cancelled } = await sessions.cancelMessage(requiredId("message_id", messageId));
      return { message: messageToProto(message), cancelled };
    },
    interruptSession: async ({ sessionId }) => {
      const { view, interrupted } = await sessions.interrupt(sessionRef("session_id", sessionId));
      return { ...one(view), interrupted };
    },
    answerRequest: async (request) => one(await sessions.answer(requests.answerRequest(request))),
    killSession: async (request, { signal }) =>
      one(await sessions.kill(requests.killRequest(request), signal)),
    restoreSession: async (request) => {
      const { view, mode } = await sessions.restore(requests.restoreRequest(request));
      return { ...one(view), mode: restoreModes.toProto(mode) };
    },
    async removeSession({ sessionId }) {
      const { leftOut = [], ...removal } = await sessions.remove(sessionRef("session_id", sessionId));
      return { ...removal, leftOut: [...leftOut] };
    },
    watchSessions: (request, { signal }) => sessions.watch(requests.watchOptions(request), signal),
    waitSession: async (request, { signal }) =>
      one(await sessions.wait(requests.waitRequest(request), signal)),
    getTerminal: async (request) => {
      const { sessionId, lines } = requests.terminalRequest(request);
      return { text: await sessions.terminal(sessionId, lines) };
    },
  };
}

async function listPage(
  sessions: Sessions,
  request: pb.ListSessionsRequest,
): Promise<pb.ListSessionsResponse> {
  const { projectId, statuses } = requests.sessionFilter(request);
  const scope: PageScope = { list: "sessions", filter: [projectId, statuses] };
  const page = await sessions.list({
    projectId: projectId || undefined,
    statuses,
    limit: pageSize(request.pageSize),
    after: decodePageToken(scope, request.pageToken),
  });
  return {
    sessions: page.rows.map(toProto),
    nextPageToken: encodePageToken(scope, page.next),
    revision: page.revision,
    epoch: page.epoch,
  };
}

async function listMessages(
  sessions: Sessions,
  request: pb.ListMessagesRequest,
): Promise<pb.ListMessagesResponse> {
  const sessionId = sessionRef("session_id", request.sessionId);
  const scope: PageScope = { list: "messages", filter: [sessionId] };
  const page = await sessions.listMessages({
    sessionId,
    limit: pageSize(request.pageSize),
    after: decodePageToken(scope, request.pageToken),
  });
  return { messages: page.rows.map(messageToProto), nextPageToken: encodePageToken(scope, page.next) };
}

/** A session sees itself only. The revision is read first: a watch from there misses nothing. */
async function listOwn(
  sessions: Sessions,
  request: pb.ListSessionsRequest,
  own: SessionPrincipal,
): Promise<pb.ListSessionsResponse> {
  const { projectId, statuses } = requests.sessionFilter(request);
  pageSize(request.pageSize);
  decodePageToken({ list: "sessions", filter: [projectId, statuses] }, request.pageToken);
  const { revision, epoch } = await sessions.list({ statuses: [], limit: 1 });
  const view = await sessions.get(own.sessionId);
  const wanted =
    (projectId === "" || projectId === view.session.projectId) &&
    (statuses.length === 0 || statuses.includes(view.status));
  return { sessions: wanted ? [toProto(view)] : [], nextPageToken: "", revision, epoch };
}

function toProto(view: SessionView) {
  return sessionToProto(describeSession(view));
}

function one(view: SessionView) {
  return { session: toProto(view) };
}
