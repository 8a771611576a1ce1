import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AoError } from "../core/errors.ts";
import { ifThere } from "../util/absent.ts";
import type { Paths } from "../util/paths.ts";

/**
 * Makes ao's directories, 0700 whatever the umask.
 *
 * Throws HOME_UNUSABLE when a path has control characters or a directory belongs to somebody else; what the file system
 * refuses is thrown as it is.
 */
export async function makePrivateDirs(paths: Paths): Promise<void> {
  refuseControlCharacters(paths);
  for (const dir of [paths.home, paths.runDir, paths.spoolDir, paths.sessionsDir, paths.worktreesDir]) {
    await ensureDir(dir);
    const { uid, mode } = await stat(dir);
    if (process.getuid && uid !== process.getuid()) {
      const problem = `the directory belongs to user ${uid}, and ao runs as user ${process.getuid()}`;
      throw new AoError("HOME_UNUSABLE", { path: dir, problem, hint: hintFor(dir, paths) });
    }
    if ((mode & 0o077) !== 0) await chmod(dir, 0o700);
  }
}

/** Lines of logs, hooks and addresses of sockets hold these paths. */
function refuseControlCharacters(paths: Paths): void {
  for (const path of [paths.home, paths.runDir]) {
    if (!/\p{Cc}/u.test(path)) continue;
    const problem = "the path has a newline or another control character";
    throw new AoError("HOME_UNUSABLE", { path: JSON.stringify(path).slice(1, -1), problem });
  }
}

function hintFor(dir: string, { runDir }: Paths): string {
  const variable = dir === runDir ? "AO_RUN_DIR" : "AO_HOME";
  return `Set ${variable} to a directory of your own.`;
}

/** Not `recursive`: Node tries for ever where a file system answers ENOENT to any directory, as /proc does. */
async function ensureDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return requireDirectory(dir);
    const parent = dirname(dir);
    if (code !== "ENOENT" || parent === dir || (await ifThere(stat(parent)))) throw error;
    await ensureDir(parent);
    await mkdir(dir, { mode: 0o700 });
  }
}

async function requireDirectory(dir: string): Promise<void> {
  if ((await stat(dir)).isDirectory()) return;
  throw new AoError("HOME_UNUSABLE", { path: dir, problem: "it is a file, not a directory" });
}
