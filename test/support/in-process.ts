import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createOwnHarnesses } from "../../src/harness/own/own-harnesses.ts";
import { createTrustedSpecs } from "../../src/harness/own/trusted-specs.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import type { ActivityLog, Projects, Sessions, SpawnRequest } from "../../src/lifecycle/api.ts";
import { createSessionBook } from "../../src/lifecycle/book/session-book.ts";
import type { LifecycleDeps } from "../../src/lifecycle/deps.ts";
import { createUndertaker } from "../../src/lifecycle/end/undertaker.ts";
import { createReaper, type Reaper } from "../../src/lifecycle/looks/reaper.ts";
import { createManager } from "../../src/lifecycle/manager.ts";
import { createOutbox } from "../../src/lifecycle/outbox/outbox.ts";
import type { Pace } from "../../src/lifecycle/outbox/pace.ts";
import { createProjects } from "../../src/lifecycle/projects.ts";
import { createAbandonedStarts } from "../../src/lifecycle/start/abandoned-starts.ts";
import { createLaunchFiles, type LaunchFiles } from "../../src/lifecycle/start/launch-files.ts";
import { createStore } from "../../src/store/store.ts";
import { createKeyedMutex } from "../../src/util/keyed-mutex.ts";
import { silentLog } from "../../src/util/log.ts";
import { createFakeHost, type FakeHost } from "./fake-host.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { tempDir } from "./temp-dir.ts";

/** An outbox for terminals that answer at once. */
export const SWIFT: Pace = {
  settle: 30,
  look: 10,
  appear: 300,
  enterGap: 100,
  finish: 300,
  acknowledge: 200,
  unreported: 200,
};

/** The lifecycle in this process: real store, real reducer, real harness tables; a host and a clock that tests hold. */
export interface InProcess {
  sessions: Sessions;
  activity: ActivityLog;
  projects: Projects;
  reaper: Reaper;
  deps: LifecycleDeps;
  host: FakeHost;
  clock: ManualClock;
  files: LaunchFiles;
  /** Two sweeps far enough apart for a verdict. */
  sweepTwice(): Promise<void>;
  /** Launches that still have records in the spool, as the reaper is told. */
  spooled: Set<string>;
  /** Closes the store and opens it again, as a daemon that was killed would; `meanwhile` runs in between. */
  restart(meanwhile?: () => void): Promise<InProcess>;
  close(): Promise<void>;
}

export async function createInProcess(pace: Pace = SWIFT): Promise<InProcess> {
  const dir = tempDir();
  return open({ dir, host: createFakeHost(), clock: createManualClock(), pace });
}

async function open(base: {
  dir: ReturnType<typeof tempDir>;
  host: FakeHost;
  clock: ManualClock;
  pace: Pace;
}): Promise<InProcess> {
  const { dir, host, clock, pace } = base;
  const at = (name: string) => join(dir.path, name);
  mkdirSync(at("spool"), { recursive: true });
  const harnessesDir = at("harnesses");
  const harnesses = createHarnesses(BUILT_IN_SPECS, createTrustedSpecs(harnessesDir));
  const ownHarnesses = createOwnHarnesses({
    dir: harnessesDir,
    builtInIds: BUILT_IN_SPECS.map(({ id }) => id),
  });
  const store = await createStore({ databasePath: at("ao.db") });
  await store.syncHarnesses(harnesses.list().map(({ id, displayName }) => ({ id, displayName })));
  const book = await createSessionBook({ store, clock, harnesses, log: silentLog });
  const deps: LifecycleDeps = {
    store,
    book,
    clock,
    harnesses,
    ownHarnesses,
    log: silentLog,
    rowLocks: createKeyedMutex(),
    underway: new Set(),
    runtimes: { tmux: host.runtime, process: { ...host.runtime, kind: "process" } },
    processes: host.processes,
    workspaces: host.workspaces,
    daemonEnv: { PATH: process.env.PATH ?? "", HOME: dir.path },
    paths: {
      home: dir.path,
      sessionsDir: at("sessions"),
      worktreesDir: at("worktrees"),
      spoolDir: at("spool"),
      socketPath: at("ao.sock"),
      hookCommand: "/bin/true",
    },
  };
  const files = createLaunchFiles(deps.paths.sessionsDir);
  const outbox = createOutbox(deps, { pace });
  await outbox.resume();
  const spooled = new Set<string>();
  const abandonedStarts = createAbandonedStarts(deps, files);
  const shut = async () => {
    await outbox.stop();
    await book.close();
    await store.close();
  };
  const reaper = createReaper({
    ...deps,
    spooledFor: async (launchId) => spooled.has(launchId),
    neverStarted: abandonedStarts.settle,
  });
  return {
    ...createManager(deps, { files, undertaker: createUndertaker(deps, files), abandonedStarts, outbox }),
    projects: createProjects(deps),
    reaper,
    async sweepTwice() {
      await reaper.sweep();
      clock.advance(1000);
      await reaper.sweep();
    },
    deps,
    host,
    clock,
    files,
    spooled,
    async restart(meanwhile = () => {}) {
      await shut();
      meanwhile();
      return open(base);
    },
    async close() {
      await shut();
      dir[Symbol.dispose]();
    },
  };
}

/** A spawn of the demo harness with everything a test does not care about. */
export function spawnRequest(fields: Partial<SpawnRequest> = {}): SpawnRequest {
  return {
    projectId: "shop",
    harness: "demo",
    prompt: "",
    name: "",
    branch: "",
    baseRef: "",
    model: "",
    permissionMode: "default",
    kind: "worker",
    issue: "",
    runtime: "tmux",
    requestId: "",
    labels: {},
    ...fields,
  };
}
