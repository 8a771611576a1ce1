import { AoError } from "../../src/core/errors.ts";
import type { Message } from "../../src/core/message.ts";
import type { MeantRow } from "../../src/core/ports/store.ts";
import type { Salvage } from "../../src/core/ports/workspaces.ts";
import type { Project, Session, Status } from "../../src/core/session.ts";
import type { Signal } from "../../src/core/signal.ts";
import type { App, SessionView, SignalResult, WatchMessage } from "../../src/lifecycle/api.ts";
import { createHint } from "../../src/util/hint.ts";

/** Tokens the fake knows. */
export const TOKENS = { operator: "operator-token", session: "session-token" } as const;
/** The session the session token belongs to. */
export const OWN = { sessionId: "web-1", launchId: "l-own" } as const;

/** The App port in memory, with handles for tests. */
export interface FakeApp extends App {
  /** Every change committed, by revision - 1. */
  readonly changes: readonly WatchMessage[];
  /** Commits a change of a session. */
  change(id: string, status?: Status): void;
  removeSession(id: string): void;
  /** Changes before this revision are forgotten. */
  compactBefore(revision: number): void;
  /** Signals reported so far, per call. */
  readonly reported: Signal[][];
  /** Holds `report` back until it resolves. */
  gate: Promise<void>;
  /** Reasons of the signals that ended waits. */
  readonly aborted: string[];
  /** Last arguments by method. */
  readonly calls: Map<string, unknown>;
  readonly shimStreams: number[];
  readonly stops: number;
  /** Messages watchers took so far. */
  readonly watched: number;
  /** What every method throws instead, when set. */
  failure: Error | undefined;
}

/** Makes the fake with project "web" and sessions web-1 to web-<n>. */
export function createFakeApp({ sessions: initial = 3 } = {}): FakeApp {
  const sessions = new Map<string, SessionView>();
  const projects = new Map<string, Project>([["web", project("web")]]);
  const changes: WatchMessage[] = [];
  const rows: MeantRow[] = [];
  const hint = createHint();
  const state = { oldest: 1, stops: 0, watched: 0 };
  const calls = new Map<string, unknown>();
  const reported: Signal[][] = [];
  const aborted: string[] = [];
  const shimStreams: number[] = [];

  const put = (view: SessionView) => {
    const revision = changes.length + 1;
    const session = { ...view.session, revision, updateTime: revision };
    const updated = { ...view, session };
    sessions.set(session.id, updated);
    changes.push({ type: "changed", revision, view: updated, commitTime: revision });
    hint.wake();
    return updated;
  };
  const find = (id: string) => {
    const view = sessions.get(id) ?? [...sessions.values()].find(({ session }) => session.name === id);
    if (view) return view;
    throw new AoError("SESSION_NOT_FOUND", { session: id });
  };
  const note = (name: string, value: unknown) => {
    calls.set(name, value);
    if (app.failure) throw app.failure;
  };
  const untilAborted = (signal: AbortSignal, name: string) =>
    new Promise<never>((_, reject) => {
      const end = () => {
        aborted.push(name);
        reject(new DOMException("aborted", "AbortError"));
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    });

  const app: FakeApp = {
    changes,
    calls,
    reported,
    aborted,
    shimStreams,
    gate: Promise.resolve(),
    failure: undefined,
    get stops() {
      return state.stops;
    },
    get watched() {
      return state.watched;
    },
    change: (id, status = "working") => void put({ ...find(id), status }),
    removeSession(id) {
      sessions.delete(id);
      changes.push({ type: "removed", revision: changes.length + 1, sessionId: id, commitTime: 1 });
      hint.wake();
    },
    compactBefore(revision) {
      state.oldest = revision;
    },
    sessions: {
      async spawn(request) {
        note("spawn", request);
        if (!projects.has(request.projectId))
          throw new AoError("PROJECT_NOT_FOUND", { project: request.projectId });
        return put(view(`${request.projectId}-${sessions.size + 1}`, { name: request.name }));
      },
      async get(id) {
        note("get", id);
        return find(id);
      },
      async list(options) {
        note("list", options);
        const all = [...sessions.values()]
          .filter(({ session }) => !options.projectId || session.projectId === options.projectId)
          .filter(({ status }) => options.statuses.length === 0 || options.statuses.includes(status));
        const start = options.after ? all.findIndex(({ session }) => session.id === options.after) + 1 : 0;
        const page = all.slice(start, start + options.limit);
        const next = start + options.limit < all.length ? page.at(-1)?.session.id : undefined;
        return { rows: page, next, revision: changes.length };
      },
      async update(id, fields) {
        note("update", { id, fields });
        const found = find(id);
        return put({ ...found, session: { ...found.session, ...fields } });
      },
      async send(request, signal) {
        note("send", request);
        find(request.sessionId);
        if (request.text === "wait for ever") return untilAborted(signal, "send");
        return { messageId: "m-1", stage: "submitted", detail: "no prompt event yet" };
      },
      async listMessages(options) {
        note("listMessages", options);
        find(options.sessionId);
        return { rows: [sentMessage("m-2"), sentMessage("m-1")].slice(0, options.limit), next: "1" };
      },
      async waitMessage({ messageId, timeoutMs }, signal) {
        note("waitMessage", { messageId, timeoutMs });
        if (messageId === "m-for-ever") return untilAborted(signal, "waitMessage");
        if (!messageId.startsWith("m-")) throw new AoError("MESSAGE_NOT_FOUND", { message: messageId });
        return sentMessage(messageId);
      },
      async cancelMessage(messageId) {
        note("cancelMessage", messageId);
        if (!messageId.startsWith("m-")) throw new AoError("MESSAGE_NOT_FOUND", { message: messageId });
        const failure = { reason: "MESSAGE_WITHDRAWN" as const, metadata: {} };
        return { message: { ...sentMessage(messageId), stage: "queued", failure }, cancelled: true };
      },
      async interrupt(id) {
        note("interrupt", id);
        return { view: find(id), interrupted: true };
      },
      async answer(request) {
        note("answer", request);
        const { session, status } = find(request.sessionId);
        if (status !== "needs_input") throw new AoError("NOT_BLOCKED", { session: session.id, status });
        return find(request.sessionId);
      },
      async kill(request, _signal) {
        note("kill", request);
        return put({ ...find(request.sessionId), status: "terminated" });
      },
      async restore(request) {
        note("restore", request);
        const { session } = find(request.sessionId);
        throw new AoError("SESSION_RUNNING", { session: session.id });
      },
      async remove(id) {
        note("remove", id);
        return { salvageRef: `refs/ao/salvage/${id}`, leftOut: ["node_modules"] };
      },
      async *watch({ afterRevision, projectId }, signal) {
        note("watch", { afterRevision, projectId });
        let at = afterRevision;
        if (at === undefined) {
          at = changes.length;
          for (const found of [...sessions.values()]) {
            state.watched++;
            yield { type: "snapshot", revision: at, view: found };
          }
          yield { type: "snapshot_end", revision: at };
        }
        if (at > changes.length)
          throw new AoError("REVISION_IN_FUTURE", { revision: at, head: changes.length });
        if (at + 1 < state.oldest)
          throw new AoError("REVISION_COMPACTED", { revision: at, oldest: state.oldest });
        while (!signal.aborted) {
          const message = changes[at];
          if (message) {
            at++;
            state.watched++;
            yield message;
          } else await hint.wait(60_000, signal);
        }
        aborted.push("watch");
      },
      async wait(request, signal) {
        note("wait", request);
        const found = find(request.sessionId);
        if (request.statuses.includes(found.status)) return found;
        if (request.timeoutMs === 0)
          throw new AoError("WAIT_TIMED_OUT", {
            session: found.session.id,
            status: found.status,
            seconds: 0,
          });
        return untilAborted(signal, "wait");
      },
      async terminal(id, lines) {
        note("terminal", { id, lines });
        find(id);
        return "$ hello\n";
      },
    },
    activity: {
      async report(signals) {
        reported.push([...signals]);
        await app.gate;
        if (app.failure) throw app.failure;
        return signals.map(resultOf);
      },
      async list(options) {
        note("listSignals", options);
        find(options.sessionId);
        return rows
          .filter(({ logId }) => options.beforeLogId === undefined || logId < options.beforeLogId)
          .slice(0, options.limit);
      },
      async *watch(options, signal) {
        note("watchSignals", options);
        if (options.sessionId) find(options.sessionId);
        yield* rows.filter(({ logId }) => logId > (options.afterLogId ?? 0)).reverse();
        await untilAborted(signal, "watchSignals");
      },
      async explain(id) {
        note("explain", id);
        return {
          view: find(id),
          verdict: "because",
          signals: rows.slice(0, 2),
          traits: { hooks: true, firstSignal: "prompt", secondWitness: true, silentAnswers: true },
        };
      },
    },
    salvages: {
      async list(options) {
        note("listSalvages", options);
        const all = [salvage("web-8"), salvage("web-9")];
        const start = options.after ? all.findIndex(({ ref }) => ref === options.after) + 1 : 0;
        const rows = all.slice(start, start + options.limit);
        return { rows, next: start + options.limit < all.length ? rows.at(-1)?.ref : undefined };
      },
      async get(id) {
        note("getSalvage", id);
        if (!id.endsWith("web-9")) throw new AoError("SALVAGE_NOT_FOUND", { salvage: id });
        return salvage("web-9");
      },
      async restore(request) {
        note("restoreSalvage", request);
        const found = await app.salvages.get(request.salvage);
        if (request.path === "/taken") throw new AoError("PATH_IN_USE", { path: request.path });
        return { salvage: found, path: request.path || "/back", branch: request.branch, notes: ["a note"] };
      },
      async drop(id) {
        note("dropSalvage", id);
        return id.endsWith("web-9") ? "c0ffee" : undefined;
      },
    },
    projects: {
      async add(request) {
        note("add", request);
        const added = { ...project(request.id || "added"), path: request.path };
        projects.set(added.id, added);
        return added;
      },
      async get(id) {
        note("getProject", id);
        const found = projects.get(id);
        if (!found) throw new AoError("PROJECT_NOT_FOUND", { project: id });
        return found;
      },
      async list(options) {
        note("listProjects", options);
        return { rows: [...projects.values()].slice(0, options.limit) };
      },
      async update(id, fields) {
        note("updateProject", { id, fields });
        return { ...(await app.projects.get(id)), ...fields };
      },
      async remove(id) {
        note("removeProject", id);
        if (id === "web") throw new AoError("PROJECT_IN_USE", { project: id, sessions: sessions.size });
      },
    },
    harnesses: {
      async list() {
        note("listHarnesses", undefined);
        return ["claude-code", "codex", "gone"].map((id) => ({
          id,
          displayName: id,
          supported: id !== "gone",
        }));
      },
      async get(id) {
        note("getHarness", id);
        if (id !== "codex") throw new AoError("HARNESS_NOT_FOUND", { harness: id });
        return { id, displayName: "Codex", supported: true, located: { path: "/bin/codex", version: "1" } };
      },
      async check(text, id) {
        note("checkHarness", { text, id });
        const problem = { line: 1, column: 2, field: "id", problem: "is wrong" };
        return { digest: "d", problems: text === "bad" ? [problem] : [] };
      },
      async trust(id, digest) {
        note("trustHarness", { id, digest });
        if (id !== "mine") throw new AoError("HARNESS_CHANGED", { harness: id, path: "/h/mine.yaml" });
        const file = { id, displayName: "Mine", path: "/h/mine.yaml", digest, problems: [] };
        return { id, displayName: "Mine", supported: true, file: { ...file, trust: "trusted" as const } };
      },
      async distrust(id) {
        note("distrustHarness", id);
      },
      async derive(request) {
        note("derive", request);
        return {
          meaning: "prompt",
          fields: { prompt: "hi" },
          state: "active",
          rule: "R6",
          reason: "a prompt",
        };
      },
    },
    daemon: {
      async info() {
        note("info", undefined);
        return {
          version: "0.1.0",
          pid: 1,
          startTime: 1000,
          revision: changes.length,
          homePath: "/h",
          socketPath: "/s",
          databasePath: "/d",
          logPath: "/l",
          liveSessions: 1,
          shimConnected: true,
          missedEvents: 2,
          spoolFiles: 3,
          boot: {
            adopted: 4,
            pending: 0,
            deaths: [{ sessionId: "web-9", status: "lost", reason: "the host was rebooted", unasked: true }],
          },
        };
      },
      async check() {
        note("check", undefined);
        return [{ name: "tmux", level: "warning", detail: "old", hint: "update it" }];
      },
      async stop() {
        note("stop", undefined);
        state.stops++;
      },
    },
    authenticate: async (token) => {
      if (token === TOKENS.operator) return { kind: "operator" };
      if (token === TOKENS.session) return { kind: "session", ...OWN };
      return undefined;
    },
    onShimStreams: (open) => void shimStreams.push(open),
  };
  for (let n = 1; n <= initial; n++) put(view(`web-${n}`));
  for (let logId = 120; logId > 0; logId--) rows.push(row(logId));
  return app;
}

function resultOf(signal: Signal): SignalResult {
  const outcome = signal.launchId === "l-unknown" ? "rejected" : "applied";
  return { launchId: signal.launchId, signalId: signal.id, outcome, rule: "R6", reason: "because" };
}

function project(id: string): Project {
  return {
    id,
    path: `/src/${id}`,
    defaultBranch: "main",
    defaultHarness: "codex",
    createTime: 1,
    updateTime: 2,
  };
}

/** A session of project "web", idle. */
export function view(id: string, fields: Partial<Session> = {}): SessionView {
  const session: Session = {
    id,
    projectId: id.slice(0, id.lastIndexOf("-")),
    harness: "codex",
    kind: "worker",
    name: "",
    runtime: "tmux",
    permissionMode: "default",
    model: "",
    issue: "",
    labels: {},
    workspace: { path: `/w/${id}`, branch: `ao/${id}`, baseCommit: "abc" },
    createTime: 1,
    updateTime: 1,
    revision: 0,
    facts: {
      launchId: "l-own",
      launchTime: 1,
      promptPending: false,
      headless: false,
      process: { state: "running", pid: 7 },
      activity: { state: "idle", since: 1, evidenceTime: 1 },
      requests: [],
      backgroundTasks: 0,
      nativeSessionIds: [],
      title: "a task",
      summary: "",
    },
    ...fields,
  };
  return { session, status: "idle", statusReason: "the turn is over", attachCommand: ["tmux", "attach"] };
}

/** A message of session web-1 with every field set. */
export function sentMessage(id: string): Message {
  return {
    id,
    order: 1,
    sessionId: "web-1",
    launchId: OWN.launchId,
    text: "go on",
    whenBusy: "queue",
    waitUntil: 9000,
    requestId: "r-1",
    stage: "submitted",
    enters: 2,
    detail: "no prompt event yet",
    createTime: 1000,
    updateTime: 5000,
    typedTime: 2000,
    submittedTime: 3000,
    endTime: 5000,
  };
}

/** A signal of the session token's launch. */
export function signal(id: string, fields: Partial<Signal> = {}): Signal {
  return {
    id,
    launchId: OWN.launchId,
    seq: 1,
    observedTime: 1000,
    kind: "hook",
    harness: "codex",
    event: "Stop",
    fields: {},
    ...fields,
  };
}

function row(logId: number): MeantRow {
  return {
    signal: signal(`s${logId}`),
    logId,
    commitTime: logId,
    outcome: "applied",
    rule: "R6",
    reason: "because",
    sessionId: "web-1",
    statusAfter: "idle",
    meaning: "turn_end",
  };
}

function salvage(name: string): Salvage {
  return {
    ...{ projectId: "web", ref: `refs/ao/salvage/${name}`, commit: "c0ffee", sessionId: name },
    ...{ branch: `ao/${name}`, subject: "work", operation: "merge" },
    ...{ fileCount: 3, commitCount: 2, sizeBytes: 2 ** 40, saveTime: 1_700_000_000_000 },
  };
}
