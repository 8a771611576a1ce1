import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AoClient, createClient } from "../../../src/client/client.ts";
import { createProcessTable } from "../../../src/runtime/process-table.ts";
import { readLockHolder } from "../../../src/util/lock-holder.ts";
import { type Paths, resolvePaths } from "../../../src/util/paths.ts";
import { sendSignal } from "../../../src/util/send-signal.ts";
import { eventually } from "../../support/eventually.ts";
import { tempDir } from "../../support/temp-dir.ts";

const run = promisify(execFile);

export const ROOT = join(import.meta.dirname, "../../..");

/** An AO_HOME of its own under /tmp; gone with everything that runs in it when it is disposed, or this process ends. */
export interface BenchHome extends AsyncDisposable {
  paths: Paths;
  /** Environment of every program of this home. */
  env: Readonly<Record<string, string>>;
  /** Starts daemon and shim; resolves when both are at work. */
  start(): Promise<RunningDaemon>;
}

/** The real daemon with its real shim. */
export interface RunningDaemon {
  client: AoClient;
  daemonPid: number;
  shimPid: number;
  /** Stops both and waits until both are gone; does nothing the second time. */
  stop(): Promise<void>;
}

const PATIENCE = { timeoutMs: 60_000 };

/** Makes the home; nothing runs in it yet. */
export function createBenchHome(): BenchHome {
  const dir = tempDir();
  const userHome = join(dir.path, "home");
  const env = {
    PATH: `${join(process.execPath, "..")}:${process.env.PATH ?? ""}`,
    HOME: userHome,
    AO_HOME: join(dir.path, "ao"),
  };
  const paths = resolvePaths(env);
  for (const path of [userHome, paths.home, paths.spoolDir, paths.sessionsDir])
    mkdirSync(path, { recursive: true, mode: 0o700 });
  const atExit = () => {
    killAllOf(paths);
    rmSync(dir.path, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  return {
    paths,
    env,
    start: () => startDaemon(paths, env),
    async [Symbol.asyncDispose]() {
      // Also what a start that failed half-way left running.
      await stopHolders(paths);
      process.off("exit", atExit);
      dir[Symbol.dispose]();
    },
  };
}

/** As a person does, so that daemon and shim run with the flags they have in life. */
async function startDaemon(paths: Paths, env: BenchHome["env"]): Promise<RunningDaemon> {
  await run(join(ROOT, "bin/ao"), ["start"], { env });
  const token = readFileSync(paths.tokenPath, "utf8").trim();
  const client = createClient({ socketPath: paths.socketPath, token });
  const { pid: daemonPid } = await client.daemon.get();
  const shimPid = await eventually(
    async () => ((await client.daemon.get()).shimConnected ? readLockHolder(paths.shimLockPath) : undefined),
    { ...PATIENCE, what: "the shim's connection" },
  );
  let stopping: Promise<void> | undefined;
  return {
    client,
    daemonPid,
    shimPid,
    stop() {
      client.close();
      stopping ??= stopHolders(paths);
      return stopping;
    },
  };
}

/** Ends who holds the locks of daemon and shim, and waits until they are gone; the daemon takes its shim with it. */
async function stopHolders(paths: Paths): Promise<void> {
  const processes = createProcessTable();
  const locks = [paths.daemonLockPath, paths.shimLockPath];
  const pids = (await Promise.all(locks.map(readLockHolder))).filter((pid) => pid !== undefined);
  const found = (await Promise.all(pids.map(processes.identify))).filter((one) => one !== undefined);
  for (const { pid } of found.slice(0, 1)) sendSignal(pid, "SIGTERM");
  const allGone = async () =>
    (await Promise.all(found.map(processes.probe))).every((probe) => probe === "dead");
  await eventually(allGone, { ...PATIENCE, what: "the end of daemon and shim" });
}

/** Rounds of killing: a process may be starting another while it is looked for. */
const KILL_ROUNDS = 5;

/** In one step, for the end of this process: kills all that has this AO_HOME in its environment, agents too. */
function killAllOf(paths: Paths): void {
  const mark = `AO_HOME=${paths.home}`;
  for (let round = 0; round < KILL_ROUNDS; round++) {
    const found = readdirSync("/proc").filter(
      (name) => /^\d+$/.test(name) && environmentOf(name).includes(mark),
    );
    if (found.length === 0) return;
    for (const pid of found) sendSignal(Number(pid), "SIGKILL");
  }
}

/** Empty for processes that are gone, or somebody else's. */
function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
