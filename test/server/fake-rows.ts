import type { Message } from "../../src/core/message.ts";
import type { MeantRow } from "../../src/core/ports/store.ts";
import type { Salvage } from "../../src/core/ports/workspaces.ts";
import type { Project, Session } from "../../src/core/session.ts";
import type { Signal } from "../../src/core/signal.ts";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { PLAIN_SESSION } from "../support/plain-session.ts";

/** The session the session token belongs to. */
export const OWN = { sessionId: "web-1", launchId: "l-own" } as const;

/** Project of this id. */
export function project(id: string): Project {
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
    ...PLAIN_SESSION,
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

/** A row of the signal log. */
export function row(logId: number): MeantRow {
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

/** A salvage of project web. */
export function salvage(name: string): Salvage {
  return {
    ...{ projectId: "web", ref: `refs/ao/salvage/${name}`, commit: "c0ffee", sessionId: name },
    ...{ branch: `ao/${name}`, subject: "work", operation: "merge" },
    ...{ fileCount: 3, commitCount: 2, sizeBytes: 2 ** 40, saveTime: 1_700_000_000_000 },
  };
}
