import { AoError } from "../core/errors.ts";
import { runProgram } from "./run-program.ts";

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
const OLDEST_MAJOR = 3;

/**
 * What servers are called in the process table: tmux names its server after argv[0] (seen with 3.3a: "ao-terminal: server").
 * An agent's `pkill tmux`, `pkill -f tmux`, `killall` or `pidof tmux` finds the user's own servers, not those of ao.
 */
export const SERVER_NAME = "ao-terminal";

/** Words of tmux 3.0 to 3.5 (client.c, server-client.c, cmd-find.c) for a server or pane that is not there, or not any more. */
const GONE =
  /^(no server running on |lost server|server exited|error connecting to .*\((No such file or directory|Connection refused)\)|can't find (pane|session|window))/m;

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
      const ended = await runProgram({ file: path, argv, argv0: SERVER_NAME, input, env, timeoutMs });
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
      const ended = await runProgram({ file: path, argv: ["-V"], timeoutMs: DEADLINE_MS });
      if (ended.error) return `"${path} -V" failed: ${ended.stderr.trim() || ended.error.message}`;
      const major = /(\d+)\.\d/.exec(ended.stdout)?.[1];
      if (major && Number(major) < OLDEST_MAJOR) return `${ended.stdout.trim()} is older than 3.0`;
      return undefined;
    },
  };
}

/** Absolute path of a program: a server is started with the agent's PATH, which need not lead to tmux. */
async function findProgram(name: string): Promise<string> {
  const ended = await runProgram({
    file: "/bin/sh",
    argv: ["-c", 'command -v -- "$1" || command -v "$1"', "sh", name],
    timeoutMs: DEADLINE_MS,
  });
  const path = ended.stdout.trim();
  if (ended.error || !path.startsWith("/"))
    throw new AoError("RUNTIME_UNAVAILABLE", { runtime: "tmux", problem: `no program "${name}" in PATH` });
  return path;
}
