/**
 * Paths below a root with one character per byte (latin1), "/" between names, none at the start: a file's name is
 * bytes, and not all bytes are UTF-8.
 */
export type BytePath = string;

/** Path for system calls. `root` is an ordinary string. */
export function pathAt(root: string, path: BytePath): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from(path === "" ? "" : `/${path}`, "latin1")]);
}

/** A path for people; bytes that are no text come as replacement characters. */
export function readablePath(path: BytePath): string {
  return Buffer.from(path, "latin1").toString("utf8");
}

/**
 * True when git refuses the path in a tree, on some system at least: one of its names means ".git" there. Windows knows
 * "git~1", ".git. " and ".git::$INDEX", and takes "\\" for "/"; macOS passes over marks that join or direct (fsck's
 * hasDotgit).
 */
export function isRefusedByGit(path: BytePath): boolean {
  return readablePath(path)
    .replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "")
    .split(/[/\\]/)
    .some((name) => /^(\.git|git~1)[ .]*(:.*)?$/is.test(name));
}

/** The path and the folders above it, outermost first. */
export function withParents(path: BytePath): BytePath[] {
  return path.split("/").map((_, index, names) => names.slice(0, index + 1).join("/"));
}
