import { AoError } from "../../src/core/errors.ts";
import type { App } from "../../src/lifecycle/api.ts";
import { sentMessage, view } from "./fake-rows.ts";
import type { FakeState } from "./fake-state.ts";

/** Sessions that do what they are told at once. */
export function fakeSessions(fake: FakeState): App["sessions"] {
  return {
    async spawn(request) {
      fake.note("spawn", request);
      if (!fake.projects.has(request.projectId))
        throw new AoError("PROJECT_NOT_FOUND", { project: request.projectId });
      return fake.put(view(`${request.projectId}-${fake.sessions.size + 1}`, { name: request.name }));
    },
    async get(id) {
      fake.note("get", id);
      return fake.find(id);
    },
    async list(options) {
      fake.note("list", options);
      const all = [...fake.sessions.values()]
        .filter(({ session }) => !options.projectId || session.projectId === options.projectId)
        .filter(({ status }) => options.statuses.length === 0 || options.statuses.includes(status));
      const start = options.after ? all.findIndex(({ session }) => session.id === options.after) + 1 : 0;
      const page = all.slice(start, start + options.limit);
      const next = start + options.limit < all.length ? page.at(-1)?.session.id : undefined;
      return { rows: page, next, revision: fake.changes.length, epoch: fake.epoch };
    },
    async update(id, fields) {
      fake.note("update", { id, fields });
      const found = fake.find(id);
      return fake.put({ ...found, session: { ...found.session, ...fields } });
    },
    async send(request, signal) {
      fake.note("send", request);
      fake.find(request.sessionId);
      if (request.text === "wait for ever") return fake.untilAborted(signal, "send");
      return { messageId: "m-1", stage: "submitted", detail: "no prompt event yet" };
    },
    async listMessages(options) {
      fake.note("listMessages", options);
      fake.find(options.sessionId);
      return { rows: [sentMessage("m-2"), sentMessage("m-1")].slice(0, options.limit), next: "1" };
    },
    async waitMessage({ messageId, timeoutMs }, signal) {
      fake.note("waitMessage", { messageId, timeoutMs });
      if (messageId === "m-for-ever") return fake.untilAborted(signal, "waitMessage");
      if (!messageId.startsWith("m-")) throw new AoError("MESSAGE_NOT_FOUND", { message: messageId });
      return sentMessage(messageId);
    },
    async cancelMessage(messageId) {
      fake.note("cancelMessage", messageId);
      if (!messageId.startsWith("m-")) throw new AoError("MESSAGE_NOT_FOUND", { message: messageId });
      const failure = { reason: "MESSAGE_WITHDRAWN" as const, metadata: {} };
      return { message: { ...sentMessage(messageId), stage: "queued", failure }, cancelled: true };
    },
    async interrupt(id) {
      fake.note("interrupt", id);
      return { view: fake.find(id), interrupted: true };
    },
    async answer(request) {
      fake.note("answer", request);
      const { session, status } = fake.find(request.sessionId);
      if (status !== "needs_input") throw new AoError("NOT_BLOCKED", { session: session.id, status });
      return fake.find(request.sessionId);
    },
    async kill(request, _signal) {
      fake.note("kill", request);
      return fake.put({ ...fake.find(request.sessionId), status: "terminated" });
    },
    async restore(request) {
      fake.note("restore", request);
      const { session } = fake.find(request.sessionId);
      throw new AoError("SESSION_RUNNING", { session: session.id });
    },
    async remove(id) {
      fake.note("remove", id);
      return { salvageRef: `refs/ao/salvage/${id}`, leftOut: ["node_modules"] };
    },
    async *watch({ afterRevision, afterEpoch, projectId }, signal) {
      fake.note("watch", { afterRevision, afterEpoch, projectId });
      const { epoch } = fake;
      let at = afterRevision;
      if (at === undefined) {
        at = fake.changes.length;
        for (const found of [...fake.sessions.values()]) {
          fake.watched++;
          yield { type: "snapshot", revision: at, epoch, view: found };
        }
        yield { type: "snapshot_end", revision: at, epoch };
      }
      if (at > fake.changes.length)
        throw new AoError("REVISION_IN_FUTURE", { revision: at, head: fake.changes.length });
      if (at + 1 < fake.oldest || (afterEpoch && afterEpoch !== epoch))
        throw new AoError("REVISION_COMPACTED", { revision: at, oldest: fake.oldest });
      while (!signal.aborted) {
        const message = fake.changes[at];
        if (message) {
          at++;
          fake.watched++;
          yield message;
        } else await fake.hint.wait(60_000, signal);
      }
      fake.aborted.push("watch");
    },
    async wait(request, signal) {
      fake.note("wait", request);
      const found = fake.find(request.sessionId);
      if (request.statuses.includes(found.status)) return found;
      if (request.timeoutMs === 0)
        throw new AoError("WAIT_TIMED_OUT", {
          session: found.session.id,
          status: found.status,
          seconds: 0,
        });
      return fake.untilAborted(signal, "wait");
    },
    async terminal(id, lines) {
      fake.note("terminal", { id, lines });
      fake.find(id);
      return "$ hello\n";
    },
  };
}
