import { constants } from "node:fs";
import { access, open, readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fill } from "./command-line.ts";
import { absentIs } from "./search-path.ts";

/** True when `path` is a regular file that may be executed. */
export async function isExecutable(path: string): Promise<boolean> {
  const info = await absentIs(undefined, stat(path));
  if (!info?.isFile()) return false;
  return absentIs(
    false,
    access(path, constants.X_OK).then(() => true),
  );
}

/**
 * Finds the program behind a wrapper script, so that the process ao starts is the agent and not its parent.
 *
 * @param globs relative to the directory of the wrapper (symbolic links resolved); `*` is one path part.
 * @returns the first executable found; `path` itself when it is a program already or nothing is found.
 */
export async function nativeBinary(path: string, globs: readonly string[]): Promise<string> {
  const real = await realpath(path);
  if (globs.length === 0 || (await isProgram(real))) return path;
  for (const glob of globs) {
    const expanded = fill(glob, { platform: process.platform, arch: process.arch });
    for (const candidate of await expand(dirname(real), expanded.split("/"))) {
      if ((await isExecutable(candidate)) && (await isProgram(candidate))) return candidate;
    }
  }
  return path;
}

const PROGRAM_MAGIC = ["7f454c46", "cffaedfe", "cefaedfe", "cafebabe"];

/** ELF or Mach-O. */
async function isProgram(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return PROGRAM_MAGIC.includes(buffer.toString("hex"));
  } finally {
    await file.close();
  }
}

async function expand(base: string, parts: readonly string[]): Promise<string[]> {
  const [part, ...rest] = parts;
  if (part === undefined) return [normalize(base)];
  if (part !== "*") return expand(join(base, part), rest);
  const names = (await absentIs([], readdir(base))).sort();
  return (await Promise.all(names.map((name) => expand(join(base, name), rest)))).flat();
}
