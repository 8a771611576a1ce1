import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AoClient, createClient } from "../../src/client/client.ts";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { readLockHolder } from "../../src/util/lock-holder.ts";
import { type Paths, resolvePaths } from "../../src/util/paths.ts";
import { eventually } from "./eventually.ts";
import { tempDir } from "./temp-dir.ts";

/** A real daemon with a home, a shim and a repository of its own. */
export interface RealDaemon {
  client: AoClient;
  paths: Paths;
  env: Record<string, string>;
  /** Root of a git repository with one commit, registered as project "shop". */
  repository: string;
  pid(): number;
  start(): Promise<void>;
  /** Ends the daemon alone with SIGKILL. */
  kill(): Promise<void>;
  /** Ends the daemon alone as `ao stop` does; its shim goes with it. */
  stop(): Promise<void>;
  /** Ends everything this home started and removes it. */
  close(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../../src/daemon/main.ts", import.meta.url));

export async function createRealDaemon(extraEnv: Record<string, string> = {}): Promise<RealDaemon> {
  const dir = tempDir();
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: dir.path,
    LANG: "C.UTF-8",
    AO_HOME: join(dir.path, "ao"),
    ...extraEnv,
  };
  const paths = resolvePaths(env);
  const repository = join(dir.path, "shop");
  makeRepository(repository);
  let child: ChildProcess | undefined;
  let client: AoClient | undefined;

  const start = async () => {
    child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "ignore", "pipe"], detached: true });
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    const started = child;
    const answer = await eventually(
      async () => {
        if (started.exitCode !== null || started.signalCode !== null)
          return { failed: `${started.signalCode ?? started.exitCode} ${stderr}` };
        const attempt = createClient({
          socketPath: paths.socketPath,
          token: readFileSync(paths.tokenPath, "utf8").trim(),
        });
        try {
          await attempt.daemon.get();
          return { client: attempt };
        } catch (error) {
          attempt.close();
          throw error;
        }
      },
      { what: "daemon ready", timeoutMs: 20_000 },
    );
    if ("failed" in answer) throw new Error(`the daemon did not start: ${answer.failed}`);
    client?.close();
    client = answer.client;
  };
  const ended = (process: ChildProcess) =>
    eventually(() => process.exitCode !== null || process.signalCode !== null);
  const daemon: RealDaemon = {
    get client() {
      if (!client) throw new Error("the daemon was not started");
      return client;
    },
    paths,
    env,
    repository,
    pid: () => child?.pid ?? 0,
    start,
    async kill() {
      if (!child) return;
      child.kill("SIGKILL");
      await ended(child);
    },
    async stop() {
      if (!child) return;
      await daemon.client.daemon.stop();
      await ended(child);
    },
    async close() {
      try {
        if (!child || child.exitCode !== null || child.signalCode !== null) await start();
        await endSessions(daemon);
        const shim = await readLockHolder(paths.shimLockPath);
        await daemon.client.daemon.stop();
        if (child) await ended(child);
        await eventually(async () => shim === undefined || !(await createProcessTable().identify(shim)), {
          what: "shim gone",
        });
      } finally {
        client?.close();
        dir[Symbol.dispose]();
      }
    },
  };
  await start();
  await daemon.client.projects.add({ path: repository, id: "shop" });
  return daemon;
}

async function endSessions(daemon: RealDaemon): Promise<void> {
  const { sessions } = await daemon.client.sessions.list({ pageSize: 500 });
  for (const session of sessions) {
    await daemon.client.sessions.kill({ sessionId: session.id, graceMs: 200 });
    await daemon.client.sessions.remove(session.id);
  }
}

/** A git repository with one commit, untouched by the user's own git settings. */
export function makeRepository(path: string): void {
  const git = (...args: string[]) =>
    execFileSync(
      "git",
      ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main", ...args],
      {
        env: { PATH: process.env.PATH, HOME: path, GIT_CONFIG_NOSYSTEM: "1" },
        stdio: "ignore",
      },
    );
  git("init", path);
  git("-C", path, "commit", "--allow-empty", "-m", "first");
}
