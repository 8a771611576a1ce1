import { createOwnHarnesses } from "../harness/own/own-harnesses.ts";
import { createTrustedSpecs } from "../harness/own/trusted-specs.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../harness/registry.ts";
import { createSessionBook } from "../lifecycle/book/session-book.ts";
import type { LifecycleDeps } from "../lifecycle/deps.ts";
import { createProcessRuntime } from "../runtime/process-runtime.ts";
import { createProcessTable } from "../runtime/process-table.ts";
import { createTmuxRuntime } from "../runtime/tmux-runtime.ts";
import { createStore } from "../store/store.ts";
import { systemClock } from "../util/clock.ts";
import type { FailPoint } from "../util/fail-point.ts";
import { createKeyedMutex } from "../util/keyed-mutex.ts";
import type { Log } from "../util/log.ts";
import type { Paths } from "../util/paths.ts";
import { createWorkspaces } from "../workspace/workspaces.ts";
import type { Install } from "./install.ts";

/** Opens the database and makes what the lifecycle stands on. Throws as `createStore` does. */
export async function openDeps(options: {
  paths: Paths;
  install: Install;
  env: Readonly<Record<string, string>>;
  log: Log;
  failPoint: FailPoint;
  umask: number;
}): Promise<LifecycleDeps> {
  const { paths, install, env, log, failPoint, umask } = options;
  const clock = systemClock();
  const ownHarnesses = createOwnHarnesses({
    dir: paths.harnessesDir,
    builtInIds: BUILT_IN_SPECS.map(({ id }) => id),
  });
  await ownHarnesses.renew();
  const harnesses = createHarnesses(BUILT_IN_SPECS, createTrustedSpecs(paths.harnessesDir));
  const store = await createStore({ databasePath: paths.databasePath, failPoint });
  await store.syncHarnesses(harnesses.list().map(({ id, displayName }) => ({ id, displayName })));
  const processes = createProcessTable({ scope: { AO_HOME: paths.home } });
  return {
    store,
    book: await createSessionBook({ store, clock, harnesses, log, failPoint }),
    clock,
    log,
    harnesses,
    ownHarnesses,
    rowLocks: createKeyedMutex(),
    underway: new Set(),
    failPoint,
    daemonEnv: env,
    umask,
    runtimes: {
      tmux: createTmuxRuntime({ runDir: paths.runDir, aoRun: install.runCommand }),
      process: createProcessRuntime({ aoRun: install.runCommand, processes }),
    },
    processes,
    workspaces: createWorkspaces({ environment: env, umask }),
    paths: {
      home: paths.home,
      sessionsDir: paths.sessionsDir,
      worktreesDir: paths.worktreesDir,
      spoolDir: paths.spoolDir,
      socketPath: paths.socketPath,
      hookCommand: install.hookCommand,
    },
  };
}
