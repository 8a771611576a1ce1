import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Paths, resolvePaths } from "../../src/util/paths.ts";
import { eventually } from "../support/eventually.ts";
import { makeTempDir } from "../support/temp-dir.ts";

/** What a command did. */
export interface CliResult {
  code: number | null;
  out: string;
  err: string;
  /** Stdout as JSON; throws when it is none. */
  json: () => ReturnType<typeof JSON.parse>;
}

/** A home, a repository and a PATH of their own, and the real bin/ao to run there. */
export interface CliWorld {
  directory: string;
  repository: string;
  env: Record<string, string>;
  ao(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Starts ao and leaves it running; `dispose` ends it. */
  start(args: readonly string[], options?: CliOptions): RunningCli;
  /** Where the daemon of this world keeps its files. */
  paths: Paths;
  daemonPid(): Promise<number>;
  /** Waits until a daemon answers. */
  daemonReady(): Promise<unknown>;
  /** Ends sessions, daemon and everything left below the directory. */
  dispose(): Promise<void>;
}

export interface CliOptions {
  cwd?: string;
  input?: string;
  env?: Record<string, string>;
}

/** A command that runs. */
export interface RunningCli {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  result: Promise<CliResult>;
}

const BIN = join(import.meta.dirname, "../../bin/ao");

/** Makes a world with an empty git repository of one commit. */
export function createCliWorld(): CliWorld {
  const directory = makeTempDir();
  const repository = join(directory, "web");
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: directory,
    TMPDIR: join(directory, "tmp"),
    AO_HOME: join(directory, "home"),
    AO_NODE: process.execPath,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
  };
  for (const path of [repository, env.TMPDIR]) mkdirSync(path);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: repository, env });
  git("init", "--quiet", "--initial-branch=main");
  git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "--quiet", "--allow-empty", "--message=first");
  const running: ChildProcess[] = [];
  const start = (args: readonly string[], options: CliOptions = {}): RunningCli => {
    const run = startCli(args, { cwd: repository, ...options, env: { ...env, ...options.env } });
    running.push(run.child);
    return run;
  };
  const world: CliWorld = {
    directory,
    repository,
    env,
    start,
    paths: resolvePaths(env),
    daemonPid: async () => (await world.ao(["status", "--json"])).json().daemon.pid,
    daemonReady: () =>
      eventually(async () => (await world.ao(["status"])).code === 0, {
        timeoutMs: 30_000,
        what: "a daemon",
      }),
    ao: (args, options) => start(args, options).result,
    async dispose() {
      for (const child of running) child.kill("SIGKILL");
      await endSessions(world);
      await world.ao(["stop"]);
      await eventually(() => processesOf(directory).length === 0, {
        what: "the end of every process",
        timeoutMs: 15_000,
      });
      rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
  return world;
}

async function endSessions(world: CliWorld): Promise<void> {
  const status = await world.ao(["status"]);
  if (status.code !== 0) return;
  const { sessions } = (await world.ao(["ls", "--json"])).json();
  for (const { id } of sessions) {
    await world.ao(["session", "kill", id, "--grace", "1s"]);
    await world.ao(["session", "rm", id]);
  }
}

function startCli(
  args: readonly string[],
  options: Required<Pick<CliOptions, "cwd" | "env">> & CliOptions,
): RunningCli {
  const child = spawn(BIN, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdin.on("error", () => {}); // A command that ends without reading its stdin closes the pipe.
  child.stdin.end(options.input ?? "");
  const result = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err, json: () => JSON.parse(out) }));
  });
  return { child, out: () => out, err: () => err, result };
}

/** Processes whose environment names a directory, by /proc: what a world or a demo left behind. */
export function processesOf(directory: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(directory));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return "";
    throw error;
  }
}
