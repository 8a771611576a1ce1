import type { RemoteDaemon } from "../client/connection.ts";
import { AoError } from "../core/errors.ts";
import { type Paths, resolvePaths } from "../util/paths.ts";
import { readRemote } from "./remote.ts";
import { createPalette, type Palette, wantsColor } from "./render/palette.ts";

/** What a command knows of the process it runs in; the CLI's one reader of its environment. */
export interface CliContext {
  env: Readonly<Record<string, string | undefined>>;
  /** Working directory; throws USAGE where it was removed. */
  cwd(): string;
  paths: Paths;
  /** The daemon elsewhere that is meant, when AO_ADDRESS names one. */
  readonly remote: RemoteDaemon | undefined;
  /** What a person types to run ao here: "ao", or "npx ao" for who came that way. */
  program: string;
  /** For stdout. */
  palette: Palette;
  /** Columns of the terminal; Infinity where there is none, so that nothing is cut in a pipe. */
  width(): number;
  /** stdin and stdout are both a terminal. */
  interactive: boolean;
}

/** Reads the process once. */
export function createContext(process: NodeJS.Process): CliContext {
  return {
    env: process.env,
    cwd: () => workingDirectory(process),
    paths: resolvePaths(process.env),
    // Read when it is needed: help never fails for it.
    get remote() {
      return readRemote(process.env);
    },
    program: process.env.npm_command === "exec" ? "npx ao" : "ao",
    palette: createPalette(wantsColor(process.env, process.stdout)),
    width: () => (process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY),
    interactive: process.stdout.isTTY === true && process.stdin.isTTY === true,
  };
}

function workingDirectory(process: NodeJS.Process): string {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const hint = "Go to a directory that exists.";
    throw new AoError("USAGE", { problem: "the working directory was removed", hint });
  }
}

/** How errors are shown: colours for stderr, and whether AO_DEBUG asks for stacks. */
export function errorStyle(process: NodeJS.Process): { palette: Palette; debug: boolean } {
  return {
    palette: createPalette(wantsColor(process.env, process.stderr)),
    debug: Boolean(process.env.AO_DEBUG),
  };
}
