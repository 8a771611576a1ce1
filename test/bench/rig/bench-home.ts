import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type AoClient, createClient } from "../../../src/client/client.ts";
import { createProcessTable } from "../../../src/runtime/process-table.ts";
import { readLockHolder } from "../../../src/util/lock.ts";
import { type Paths, resolvePaths } from "../../../src/util/paths.ts";
import { eventually } from "../../support/eventually.ts";
import { tempDir } from "../../support/temp-dir.ts";

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

async function startDaemon(paths: Paths, env: BenchHome["env"]): Promise<RunningDaemon> {
  const daemon = spawn(process.execPath, [join(ROOT, "src/daemon/main.ts")], {
    cwd: "/",
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const client = await connected(daemon, paths);
  const shimPid = await eventually(
    async () => ((await client.daemon.get()).shimConnected ? readLockHolder(paths.shimLockPath) : undefined),
    { ...PATIENCE, what: "the shim's connection" },
  );
  let stopping: Promise<void> | undefined;
  return {
    client,
    daemonPid: daemon.pid as number,
    shimPid,
    stop() {
      stopping ??= stopBoth({ client, daemon, shimPid });
      return stopping;
    },
  };
}

async function connected(daemon: ChildProcess, paths: Paths): Promise<AoClient> {
  const token = await eventually(
    () => {
      if (daemon.exitCode !== null) throw new Error(`the daemon ended with code ${daemon.exitCode}`);
      return readFileSync(paths.tokenPath, "utf8").trim();
    },
    { ...PATIENCE, what: "the daemon's token" },
  );
  const client = createClient({ socketPath: paths.socketPath, token });
  await eventually(() => client.daemon.get(), { ...PATIENCE, what: "the daemon's answer" });
  return client;
}

async function stopBoth(running: { client: AoClient; daemon: ChildProcess; shimPid: number }): Promise<void> {
  const { client, daemon, shimPid } = running;
  client.close();
  if (daemon.exitCode === null && daemon.signalCode === null) {
    const ended = once(daemon, "exit");
    daemon.kill("SIGTERM");
    await ended;
  }
  const processes = createProcessTable();
  await eventually(async () => !(await processes.identify(shimPid)), { ...PATIENCE, what: "the shim's end" });
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
