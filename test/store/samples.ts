import type { Change, LoggedSignal, Store } from "../../src/core/ports/store.ts";
import type { Facts, Launch, Project, Session } from "../../src/core/session.ts";
import type { Signal } from "../../src/core/signal.ts";
import { PLAIN_SESSION } from "../support/plain-session.ts";

/** A project as a test wants it. */
export function project(id = "shop", fields: Partial<Project> = {}): Project {
  return {
    id,
    path: `/repos/${id}`,
    defaultBranch: "main",
    defaultHarness: "demo",
    createTime: 1000,
    updateTime: 1000,
    ...fields,
  };
}

/** Facts of a launch that runs and works. */
export function facts(fields: Partial<Facts> = {}): Facts {
  return {
    launchId: "l1",
    launchTime: 1000,
    promptPending: false,
    headless: false,
    process: { state: "running", pid: 42, pidStartTicks: 4242, runningTime: 1001 },
    activity: { state: "active", since: 1002, evidenceTime: 1002, signalId: "s1" },
    requests: [],
    backgroundTasks: 0,
    nativeSessionIds: [],
    title: "",
    summary: "",
    ...fields,
  };
}

/** A session as a test wants it; its project is what stands before the last dash. */
export function session(id: string, fields: Partial<Session> = {}): Session {
  return {
    id,
    projectId: id.slice(0, id.lastIndexOf("-")),
    harness: "demo",
    ...PLAIN_SESSION,
    name: id,
    workspace: { path: `/worktrees/${id}`, branch: `ao/${id}`, baseCommit: "a".repeat(40) },
    facts: facts({ launchId: `launch-of-${id}` }),
    createTime: 1000,
    updateTime: 1000,
    revision: 0,
    ...fields,
  };
}

/** A launch of a session. */
export function launch(id: string, sessionId: string, fields: Partial<Launch> = {}): Launch {
  return {
    id,
    sessionId,
    number: 1,
    bootId: "boot",
    runtimeHandle: "handle",
    createTime: 1000,
    tokenDigest: "d".repeat(64),
    ...fields,
  };
}

/** A logged hook of a session, of the launch `l1` unless told. */
export function logged(
  id: string,
  sessionId: string,
  fields: Partial<LoggedSignal> & { of?: Partial<Signal> } = {},
): LoggedSignal {
  const { of, ...rest } = fields;
  return {
    signal: {
      id,
      launchId: "l1",
      seq: 1,
      observedTime: 2000,
      kind: "hook",
      harness: "demo",
      event: "Stop",
      fields: {},
      ...of,
    },
    sessionId,
    outcome: "applied",
    rule: "R6",
    reason: "the turn ended",
    statusAfter: "idle",
    commitTime: 2000,
    ...rest,
  };
}

/** A change of a session at a revision. */
export function change(revision: number, of: Session, commitTime = 2000): Change {
  const { id: sessionId, projectId } = of;
  return { revision, epoch: "e1", type: "changed", sessionId, projectId, commitTime, session: of };
}

/** Fills a new store with what sessions need: the project `shop` and the harness `demo`. */
export async function seed(store: Store): Promise<void> {
  await store.syncHarnesses([{ id: "demo", displayName: "Demo" }]);
  await store.insertProject(project());
}
