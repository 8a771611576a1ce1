import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newLaunchId } from "../../../src/core/ids.ts";
import { LAUNCH_MANIFEST, type LaunchManifest } from "../../../src/core/launch-manifest.ts";
import type { ProcessIdentity } from "../../../src/core/ports/runtime.ts";
import type { Commit, Store } from "../../../src/core/ports/store.ts";
import { initialFacts } from "../../../src/core/reducer/initial-facts.ts";
import type { ActivityState, Facts, Launch, Session } from "../../../src/core/session.ts";
import { createHarnesses } from "../../../src/harness/registry.ts";
import { newSessionToken } from "../../../src/lifecycle/start/session-token.ts";
import { createProcessTable } from "../../../src/runtime/process-table.ts";
import { createTmuxRuntime } from "../../../src/runtime/tmux-runtime.ts";
import { createStore } from "../../../src/store/store.ts";
import type { Paths } from "../../../src/util/paths.ts";
import { PLAIN_SESSION } from "../../support/plain-session.ts";
import { type BenchHome, ROOT } from "./bench-home.ts";

export const PROJECT = "bench";

/** A session to put into the store. */
export interface SessionPlan {
  number: number;
  harness: string;
  /** Process that stands for the agent; without one the session has ended. */
  agent?: ProcessIdentity;
  activity?: ActivityState;
  revision?: number;
  /** What the harness's second witness needs to know. */
  witness?: Record<string, string>;
}

/** A session as it was put there. */
export interface SeededSession {
  session: Session;
  launch: Launch;
}

const MINUTE_MS = 60_000;

/** Opens the home's store with harnesses and one project in it. The daemon must not run. */
export async function openStore(home: BenchHome): Promise<Store> {
  const store = await createStore({ databasePath: home.paths.databasePath });
  await store.syncHarnesses(
    createHarnesses()
      .list()
      .map(({ id, displayName }) => ({ id, displayName })),
  );
  const now = Date.now();
  await store.insertProject({
    id: PROJECT,
    path: join(home.paths.home, "repository"),
    defaultBranch: "main",
    defaultHarness: "demo",
    createTime: now,
    updateTime: now,
  });
  return store;
}

/** Puts sessions into a store of their own and their manifests where the shim looks for them. */
export async function seedSessions(home: BenchHome, plans: readonly SessionPlan[]): Promise<SeededSession[]> {
  const store = await openStore(home);
  try {
    const bootId = await createProcessTable().bootId();
    const seeded = plans.map((plan) => makeSession(home.paths, plan, bootId));
    await store.commit(firstCommit(seeded));
    for (const [index, one] of seeded.entries()) writeManifest(home.paths, one, plans[index]?.witness ?? {});
    return seeded;
  } finally {
    await store.close();
  }
}

/** As if one run of the daemon had written all. */
export const EPOCH = "ebench";

/** One commit that makes all of them, a revision each. */
export function firstCommit(seeded: readonly SeededSession[]): Commit {
  const sessions = seeded.map(({ session }, index) => ({ ...session, revision: index + 1 }));
  const changes = sessions.map((session) => ({
    revision: session.revision,
    epoch: EPOCH,
    type: "changed" as const,
    sessionId: session.id,
    projectId: session.projectId,
    commitTime: session.updateTime,
    session,
  }));
  return { sessions, launches: seeded.map(({ launch }) => launch), changes };
}

/** Makes a session and its launch as the daemon would have written them. */
export function makeSession(paths: Paths, plan: SessionPlan, bootId: string): SeededSession {
  const id = `${PROJECT}-${plan.number}`;
  const now = Date.now();
  const launchId = newLaunchId();
  const session: Session = {
    id,
    projectId: PROJECT,
    harness: plan.harness,
    ...PLAIN_SESSION,
    workspace: {
      path: join(paths.worktreesDir, PROJECT, id),
      branch: `ao/${id}`,
      baseCommit: "a".repeat(40),
    },
    facts: makeFacts(launchId, plan, now),
    createTime: now - 10 * MINUTE_MS,
    updateTime: now,
    revision: plan.revision ?? 0,
  };
  return { session, launch: makeLaunch(paths, session, bootId) };
}

function makeLaunch(paths: Paths, session: Session, bootId: string): Launch {
  const { launchId } = session.facts;
  const runtime = createTmuxRuntime({ runDir: paths.runDir, aoRun: join(ROOT, "bin/ao-run") });
  const launchDir = launchDirOf(paths, session);
  return {
    id: launchId,
    sessionId: session.id,
    number: 1,
    bootId,
    runtimeHandle: runtime.handleFor({ sessionId: session.id, launchId, launchDir }),
    createTime: session.createTime,
    tokenDigest: newSessionToken(launchId).digest,
  };
}

function makeFacts(launchId: string, { agent, activity = "idle" }: SessionPlan, now: number): Facts {
  const launchTime = now - 10 * MINUTE_MS;
  const since = now - MINUTE_MS / 2;
  const fresh = initialFacts({ launchId, launchTime, promptPending: false, headless: false });
  const known: Facts = {
    ...fresh,
    process: { state: "running", pid: agent?.pid, pidStartTicks: agent?.startTicks, runningTime: launchTime },
    activity: { state: activity, since, evidenceTime: since, lastSignalTime: since, signalId: "seed" },
    receiptTime: launchTime + 500,
    nativeSessionIds: [`${launchId}-native`],
    title: "Fix the login test",
    summary:
      "The test waits for the redirect now; it failed because the cookie was set after the first response.",
  };
  if (agent) return known;
  return { ...known, process: { state: "exited", exit: { code: 0, cause: "exited", time: since } } };
}

/** Private directory of a session's launch. */
export function launchDirOf(paths: Paths, session: Session): string {
  return join(paths.sessionsDir, session.id, session.facts.launchId);
}

function writeManifest(paths: Paths, { session }: SeededSession, witness: Record<string, string>): void {
  const manifest: LaunchManifest = {
    launchId: session.facts.launchId,
    sessionId: session.id,
    harness: session.harness,
    workspacePath: session.workspace.path,
    launchTime: session.facts.launchTime,
    witness,
  };
  const dir = launchDirOf(paths, session);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dir, LAUNCH_MANIFEST), JSON.stringify(manifest), { mode: 0o600 });
}
