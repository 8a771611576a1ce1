import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BytePath } from "./byte-path.ts";
import { type ScannedFile, scanTree } from "./scan-tree.ts";
import { type GitPlace, must, type TreeFile } from "./tree-entries.ts";

/**
 * Finds files whose bytes are not those of their blob, but those a checkout of the commit makes of it: line ends,
 * `ident`, filters such as LFS. Everything else that differs is work, also where git's own status says that it is clean.
 */
export async function findSmudged(options: {
  place: GitPlace;
  head: ReadonlyMap<BytePath, TreeFile>;
  headCommit: string;
  files: ReadonlyMap<BytePath, ScannedFile>;
  format: string;
  fileModes: boolean;
}): Promise<BytePath[]> {
  const { place, files, format } = options;
  const candidates = [...files].flatMap(([path, file]) => (mayBeSmudged(options, path, file) ? path : []));
  if (candidates.length === 0) return [];
  const directory = await mkdtemp(join(tmpdir(), "ao-checkout-"));
  try {
    const env = { ...place.env, GIT_WORK_TREE: directory, GIT_INDEX_FILE: join(directory, ".git") };
    const there = { ...place, path: directory, env };
    await must(there, "read the commit", ["read-tree", "--no-sparse-checkout", options.headCommit]);
    // A filter that fails leaves its file out: then the file counts as changed, and is kept.
    await place.git.run({
      ...{ path: directory, env, bytes: true },
      args: ["checkout-index", "--force", "-z", "--stdin"],
      input: candidates.map((path) => `${path}\0`).join(""),
    });
    const checkedOut = (await scanTree({ root: directory, format })).files;
    return candidates.filter((path) => checkedOut.get(path)?.id === files.get(path)?.id);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function mayBeSmudged(
  { head, fileModes }: { head: ReadonlyMap<BytePath, TreeFile>; fileModes: boolean },
  path: BytePath,
  file: ScannedFile,
): boolean {
  const before = head.get(path);
  if (!before?.mode.startsWith("100") || file.kind !== "file" || before.id === file.id) return false;
  return !fileModes || (before.mode === "100755") === ((file.mode & 0o100) !== 0);
}
