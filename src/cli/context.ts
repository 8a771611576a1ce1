import { type Paths, resolvePaths } from "../util/paths.ts";
import { createPalette, type Palette, wantsColor } from "./render/palette.ts";

/** What a command knows of the process it runs in; the CLI's one reader of its environment. */
export interface CliContext {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  paths: Paths;
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
    cwd: process.cwd(),
    paths: resolvePaths(process.env),
    palette: createPalette(wantsColor(process.env, process.stdout)),
    width: () => (process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY),
    interactive: process.stdout.isTTY === true && process.stdin.isTTY === true,
  };
}
