import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AoClient, createClient } from "../../../src/client/client.ts";
import { createProcessTable } from "../../../src/runtime/process-table.ts";
import { readLockHolder } from "../../../src/util/lock.ts";
import { type Paths, resolvePaths } from "../../../src/util/paths.ts";
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
  let running: RunningDaemon | undefined;
  const atExit = () => {
    for (const pid of [running?.daemonPid, running?.shimPid]) if (pid) killNow(pid);
    rmSync(dir.path, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  return {
    paths,
    env,
    async start() {
      running = await startDaemon(paths, env);
      return running;
    },
    async [Symbol.asyncDispose]() {
      await running?.stop();
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
      stopping ??= stopBoth({ client, daemonPid, shimPid });
      return stopping;
    },
  };
}

async function stopBoth(running: { client: AoClient; daemonPid: number; shimPid: number }): Promise<void> {
  running.client.close();
  const processes = createProcessTable();
  const pids = [running.daemonPid, running.shimPid];
  const identities = (await Promise.all(pids.map(processes.identify))).filter((one) => one !== undefined);
  for (const { pid } of identities.filter(({ pid }) => pid === running.daemonPid))
    process.kill(pid, "SIGTERM");
  const allGone = async () =>
    (await Promise.all(identities.map(processes.probe))).every((probe) => probe === "dead");
  await eventually(allGone, { ...PATIENCE, what: "the end of daemon and shim" });
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
