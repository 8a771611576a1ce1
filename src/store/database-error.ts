import { AoError } from "../core/errors.ts";

/** What SQLite and the file system call a file that cannot be worked with; constraint errors are not among them. */
const UNUSABLE =
  /^(SQLITE_(CORRUPT|NOTADB|READONLY|CANTOPEN|IOERR|FULL|PERM|AUTH|BUSY|PROTOCOL|FORMAT)|EACCES$|EPERM$|EROFS$|ENOENT$|ENOTDIR$|EISDIR$|ENOSPC$|EDQUOT$|EIO$)/;

/** DATABASE_UNUSABLE with what SQLite or the system says when `error` means that; else `error` itself. */
export function toDatabaseError(path: string, error: unknown): unknown {
  if (error instanceof AoError || !(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  return typeof code === "string" && UNUSABLE.test(code) ? unusable(path, error.message, error) : error;
}

/** DATABASE_UNUSABLE with `problem` as the reason. */
export function unusable(path: string, problem: string, cause?: unknown): AoError {
  return new AoError("DATABASE_UNUSABLE", { path, problem }, cause);
}
