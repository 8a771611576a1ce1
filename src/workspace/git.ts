import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { AoError } from "../core/errors.ts";

/** What one git command came to. */
export interface GitResult {
  /** 0 when it succeeded. */
  code: number;
  stdout: string;
  /** Last line of what git complained, without its "fatal: ". */
  problem: string;
}

/** One git command. */
export interface GitRequest {
  /** Directory git starts in (`git -C`). */
  path: string;
  args: readonly string[];
  /** Added to the environment, such as GIT_INDEX_FILE. */
  env?: Readonly<Record<string, string>>;
  input?: string;
  /** Input and output have one character per byte: paths need not be UTF-8. */
  bytes?: boolean;
}

/** Runs git. */
export interface Git {
  /** Never throws for what git says. */
  run(request: GitRequest): Promise<GitResult>;
  /** Returns stdout without its last newline; throws WORKSPACE_FAILED naming `action` when git fails. */
  must(action: string, request: GitRequest): Promise<string>;
  /** Starts a command that is talked to; whoever starts it ends it. */
  start(request: Omit<GitRequest, "input" | "bytes">): ChildProcessWithoutNullStreams;
}

/** A checkout or a status of a huge repository takes minutes. */
const DEADLINE_MS = 15 * 60_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** The repository's own programs never run: no hooks, no file system monitor, no signing, no background repacking. */
const SETTINGS = [
  ...["-c", "core.hooksPath=/dev/null"],
  ...["-c", "core.fsmonitor=false"],
  ...["-c", "commit.gpgSign=false"],
  ...["-c", "gc.auto=0"],
  ...["-c", "maintenance.auto=false"],
  // Saved work is on disk before anything is removed (git 2.36; older ones pass over it).
  ...["-c", "core.fsync=committed"],
  ...["-c", "core.fsyncMethod=batch"],
];

/** Makes a runner of git with this environment less every GIT_ variable: those would lead to another repository. */
export function createGit(
  environment: Readonly<Record<string, string | undefined>>,
  umask = process.umask(),
): Git {
  const inherited = Object.entries(environment).filter(([name]) => !name.startsWith("GIT_"));
  // Without optional locks a look at the status never makes the agent's own git commands fail.
  const settings = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  const base = { ...Object.fromEntries(inherited), ...settings };
  const program = withUmask(umask);
  const run = (request: GitRequest) => execute(program, { ...request, env: { ...base, ...request.env } });
  return {
    run,
    start: ({ path, args, env }) =>
      spawn(program.file, [...program.args, ...SETTINGS, "-C", path, ...args], {
        env: { ...base, ...env },
        cwd: "/",
      }),
    async must(action, request) {
      const { code, stdout, problem } = await run(request);
      if (code !== 0) throw new AoError("WORKSPACE_FAILED", { action, path: request.path, problem });
      return stdout.replace(/\n$/, "");
    },
  };
}

/** git under a umask that is not this process's own: a child process cannot be given one in another way. */
function withUmask(umask: number): Program {
  if (umask === process.umask()) return { file: "git", args: [] };
  return { file: "/bin/sh", args: ["-c", 'umask "$0" && exec git "$@"', umask.toString(8)] };
}

interface Program {
  file: string;
  args: readonly string[];
}

function execute(
  program: Program,
  request: GitRequest & { env: Record<string, string | undefined> },
): Promise<GitResult> {
  const argv = [...program.args, ...SETTINGS, "-C", request.path, ...request.args];
  const encoding = request.bytes ? ("latin1" as const) : ("utf8" as const);
  const options = { env: request.env, timeout: DEADLINE_MS, maxBuffer: MAX_OUTPUT_BYTES, cwd: "/", encoding };
  return new Promise((resolve) => {
    const child = execFile(program.file, argv, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
      resolve({ code, stdout, problem: lastComplaint(stderr) || error?.message || "" });
    });
    // git may end without reading all; its exit status tells the story.
    child.stdin?.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") child.kill("SIGKILL");
    });
    child.stdin?.end(request.input ?? "", encoding);
  });
}

/** The line of git's stderr that says what went wrong, without its "fatal: ". */
export function lastComplaint(stderr: string): string {
  const lines = stderr.trim().split("\n");
  return (lines.findLast((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? "")
    .replace(/^(fatal|error): /, "")
    .slice(0, 500);
}
