import { statfs } from "node:fs/promises";
import { AoError } from "../core/errors.ts";
import type { Paths } from "../util/paths.ts";

/** What the system's words mean for a person, with what to do where it is not "choose another AO_HOME". */
const PROBLEMS: Readonly<Record<string, { problem: string; hint?: string }>> = {
  EROFS: { problem: "the disk is read-only" },
  EACCES: { problem: "permission denied" },
  EPERM: { problem: "permission denied" },
  ENOTDIR: { problem: "a part of the path is a file, not a directory" },
  ELOOP: { problem: "the path leads in a circle of links" },
  ENAMETOOLONG: { problem: "the path is too long" },
  ENOENT: { problem: "no directory can be made there" },
  EISDIR: { problem: "a directory stands where a file must be", hint: "Move it away." },
  EIO: { problem: "the disk fails" },
  ENOSPC: {
    problem: "no space is left on the disk",
    hint: "Free some space there, or set AO_HOME to another disk.",
  },
  EDQUOT: {
    problem: "your disk quota is used up",
    hint: "Free some space there, or set AO_HOME to another disk.",
  },
  EMFILE: {
    problem: "too many files are open",
    hint: "Raise the limit: `ulimit -n 1024`, then start again.",
  },
  ENFILE: { problem: "the system has too many open files", hint: "End something, then start again." },
  SQLITE_READONLY: { problem: "its lock file cannot be written" },
  SQLITE_CANTOPEN: { problem: "its lock file cannot be opened" },
  SQLITE_FULL: { problem: "no space is left on the disk" },
};
/** Less than this is no room for a database that has just been opened. */
const FULL_BYTES = 256 * 1024;

/** Says why the daemon could not start in a person's words; what is no failure of the file system is returned as it is. */
export async function explainStartFailure(error: unknown, paths: Paths): Promise<unknown> {
  if (error instanceof AoError) {
    const isFull = error.reason === "DATABASE_UNUSABLE" && (await isDiskFull(paths.home));
    return isFull ? unusable(paths.databasePath, "ENOSPC", error) : error;
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || !(code in PROBLEMS)) return error;
  const isTemporary = path !== undefined && /\/\.[0-9a-f]+\.tmp$/.test(path);
  return unusable(path === undefined || isTemporary ? paths.home : path, code, error);
}

function unusable(path: string, code: string, cause: unknown): AoError {
  return new AoError("HOME_UNUSABLE", { path, ...PROBLEMS[code] } as Record<string, string>, cause);
}

async function isDiskFull(home: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(home);
  return bavail * bsize < FULL_BYTES;
}
