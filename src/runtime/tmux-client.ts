import { type ChildProcess, type ExecFileOptionsWithStringEncoding, execFile } from "node:child_process";
import { AoError } from "../core/errors.ts";

/** What one tmux command came to. `gone`: there is no server at the socket, or not this pane. */
export type TmuxResult =
  | { kind: "ok"; output: string }
  | { kind: "gone"; problem: string }
  | { kind: "failed"; problem: string };

/** Runs tmux commands, one client process each. */
export interface TmuxClient {
  /** Argument vectors only; `input` goes to the command's stdin. Never throws for what tmux says. */
  run(request: {
    socket: string;
    args: readonly string[];
    /** Options of tmux itself, before the command. */
    options?: readonly string[];
    input?: string;
    /** The client's environment, which a server it starts keeps; undefined takes this process's own. */
    env?: Readonly<Record<string, string>>;
    timeoutMs?: number;
  }): Promise<TmuxResult>;
  /** Undefined when tmux 3.0 or newer answers, else what is wrong. */
  check(): Promise<string | undefined>;
  /** Absolute path of tmux once it was found, else the name it was given. */
  readonly path: string;
}

const DEADLINE_MS = 5000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const OLDEST_MAJOR = 3;

/** Words of tmux 3.0 to 3.5 (client.c, server-client.c, cmd-find.c) for a server or pane that is not there. */
const GONE =
  /^(no server running on |error connecting to .*\((No such file or directory|Connection refused)\)|can't find (pane|session|window))/m;

/** Makes a client of the tmux at `tmux`, a name looked up in this process's PATH or an absolute path. */
export function createTmuxClient(tmux = "tmux"): TmuxClient {
  let path = tmux;
  let located: Promise<void> | undefined;
  const locate = () => {
    located ??= findProgram(tmux).then(
      (found) => {
        path = found;
      },
      (error: unknown) => {
        located = undefined;
        throw error;
      },
    );
    return located;
  };
  return {
    get path() {
      return path;
    },
    async run({ socket, args, options = [], input, env, timeoutMs = DEADLINE_MS }) {
      await locate();
      // -u: without it capture-pane writes "_" for every character beyond ASCII in a C locale.
      const argv = ["-u", "-S", socket, ...options, ...args];
      const ended = await execute({ file: path, argv, input, env, timeoutMs });
      if (ended.error === undefined) return { kind: "ok", output: ended.stdout };
      const problem = ended.stderr.trim() || ended.error.message;
      return GONE.test(ended.stderr) ? { kind: "gone", problem } : { kind: "failed", problem };
    },
    async check() {
      try {
        await locate();
      } catch (error) {
        if (error instanceof AoError) return String(error.metadata.problem);
        throw error;
      }
      const ended = await execute({ file: path, argv: ["-V"], timeoutMs: DEADLINE_MS });
      if (ended.error) return `"${path} -V" failed: ${ended.stderr.trim() || ended.error.message}`;
      const major = /(\d+)\.\d/.exec(ended.stdout)?.[1];
      if (major && Number(major) < OLDEST_MAJOR) return `${ended.stdout.trim()} is older than 3.0`;
      return undefined;
    },
  };
}

/** Absolute path of a program: a server is started with the agent's PATH, which need not lead to tmux. */
async function findProgram(name: string): Promise<string> {
  const ended = await execute({
    file: "/bin/sh",
    argv: ["-c", 'command -v -- "$1" || command -v "$1"', "sh", name],
    timeoutMs: DEADLINE_MS,
  });
  const path = ended.stdout.trim();
  if (ended.error || !path.startsWith("/"))
    throw new AoError("RUNTIME_UNAVAILABLE", { runtime: "tmux", problem: `no program "${name}" in PATH` });
  return path;
}

interface Ended {
  error?: Error;
  stdout: string;
  stderr: string;
}

/** Node throws at once for what the system refuses at once, such as too large an environment. */
function start(request: {
  file: string;
  argv: readonly string[];
  options: ExecFileOptionsWithStringEncoding;
  done: (error: Error | null, stdout: string, stderr: string) => void;
}): ChildProcess | undefined {
  const { file, argv, options, done } = request;
  try {
    return execFile(file, argv, options, done);
  } catch (error) {
    done(error as Error, "", "");
    return undefined;
  }
}

function execute(request: {
  file: string;
  argv: readonly string[];
  input?: string;
  env?: Readonly<Record<string, string>>;
  timeoutMs: number;
}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = {
      env: request.env,
      cwd: "/",
      timeout: request.timeoutMs,
      killSignal: "SIGKILL" as const,
      maxBuffer: MAX_OUTPUT_BYTES,
      encoding: "utf8" as const,
    };
    const done = (error: Error | null, stdout: string, stderr: string) =>
      resolve({ error: error ?? undefined, stdout, stderr });
    const child = start({ file: request.file, argv: request.argv, options, done });
    if (!child) return;
    // A client that ended early closes its stdin; its exit status tells the story.
    child.stdin?.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") done(error, "", "");
    });
    child.stdin?.end(request.input ?? "");
  });
}
