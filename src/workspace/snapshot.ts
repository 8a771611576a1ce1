import { type BytePath, isRefusedByGit, pathAt, readablePath, withParents } from "./byte-path.ts";
import { isCache } from "./caches.ts";
import type { TreeEntry } from "./object-writer.ts";
import { emptyScan, type Scan, type ScannedFile, scanTree } from "./scan-tree.ts";
import { findSmudged } from "./smudged-files.ts";
import { isCleanSubmodule } from "./submodules.ts";
import {
  type GitPlace,
  type IndexEntries,
  readIgnored,
  readIndex,
  readTree,
  type TreeFile,
} from "./tree-entries.ts";
import type { WorkTree } from "./work-tree.ts";

/** All that stands in a working tree, compared with its commit byte by byte: no cache of git's is trusted. */
export interface Snapshot {
  tree: WorkTree;
  place: GitPlace;
  scan: Scan;
  head: Map<BytePath, TreeFile>;
  /** Undefined when git cannot read it, or it is lost. */
  index?: IndexEntries;
  /** What makes the commit's tree into the working tree. */
  changes: TreeEntry[];
  /** Files git takes into no tree: those of repositories inside. */
  odd: BytePath[];
  /** Files that differ from their blob just as a checkout would make them differ. */
  smudged: BytePath[];
  /** Folders that some tool makes again; their content is not kept. */
  caches: BytePath[];
  /** Submodules as they were checked out, with nothing of their own. */
  cleanSubmodules: BytePath[];
}

export const GITLINK = "160000";
/** Files git ignores are kept up to so many bytes; more is refused, not lost. */
const MAX_IGNORED_BYTES = 1024 ** 3;

/** Takes a snapshot. Throws FileChanged when something is written meanwhile, WORKSPACE_FAILED, and what the system says. */
export async function takeSnapshot(options: {
  tree: WorkTree;
  place: GitPlace;
  format: string;
}): Promise<Snapshot> {
  const { tree, place, format } = options;
  const head = await readTree(place, tree.head);
  const index = tree.index === undefined ? undefined : await readIndex(place);
  const ignored = tree.isThere ? await readIgnored(place) : new Set<BytePath>();
  const isIgnored = (path: BytePath) => withParents(path).some((part) => ignored.has(part));
  const cleanSubmodules: BytePath[] = [];
  const caches: BytePath[] = [];
  const skip = async (path: BytePath, names: readonly string[]) => {
    const recorded = index?.staged.get(path) ?? head.get(path);
    if (recorded?.mode === GITLINK && names.includes(".git")) {
      const clean = await isCleanSubmodule(place.git, { path: pathAt(tree.path, path), commit: recorded.id });
      if (clean) cleanSubmodules.push(path);
      return clean;
    }
    if (!isIgnored(path) || !(await isCache(tree.path, path, names))) return false;
    caches.push(path);
    return true;
  };
  const scan = tree.isThere ? await scanTree({ root: tree.path, format, skip }) : emptyScan(format);
  refuseTooMuch(scan, isIgnored);
  const { plain, odd } = sort(scan);
  const fileModes = await keepsModes(place);
  const smudged = await findSmudged({ place, head, headCommit: tree.head, files: plain, format, fileModes });
  const untouched = new Set([...smudged, ...cleanSubmodules]);
  const changes = tree.isThere
    ? compare({ head, index, plain, untouched, scan, fileModes })
    : differences(head, index?.staged ?? head);
  return { tree, place, scan, head, index, changes, odd, smudged, caches, cleanSubmodules };
}

function sort(scan: Scan) {
  const plain = new Map<BytePath, ScannedFile>();
  const odd: BytePath[] = [];
  for (const [path, file] of scan.files) {
    if (isRefusedByGit(path)) odd.push(path);
    else plain.set(path, file);
  }
  return { plain, odd: odd.sort() };
}

/** An error about a file, said with its name. */
class FileRefused extends Error {}

function refuseTooMuch(scan: Scan, isIgnored: (path: BytePath) => boolean): void {
  const ignored = [...scan.files].filter(([path]) => isIgnored(path));
  const bytes = ignored.reduce((sum, [, file]) => sum + file.size, 0);
  if (bytes <= MAX_IGNORED_BYTES) return;
  const largest = ignored.reduce((one, two) => (two[1].size > one[1].size ? two : one))[0];
  const gigabytes = (bytes / 1024 ** 3).toFixed(1);
  throw new FileRefused(
    `files that git ignores have ${gigabytes} GiB, more than the 1 GiB that is kept; the largest is "${readablePath(largest)}"`,
  );
}

async function keepsModes({ git, path, env }: GitPlace): Promise<boolean> {
  const args = ["config", "--type=bool", "core.fileMode"];
  return (await git.run({ path, args, env })).stdout.trim() !== "false";
}

/** Permission bits a checkout gives under the usual umask; a salvage notes others. */
export const USUAL = { file: [0o644, 0o755], directory: [0o755] } as const;

/** The mode git gives a file. */
export function gitMode(file: ScannedFile): string {
  if (file.kind === "link") return "120000";
  return (file.mode & 0o100) === 0 ? "100644" : "100755";
}

function compare(options: {
  head: Snapshot["head"];
  index: Snapshot["index"];
  plain: Map<BytePath, ScannedFile>;
  untouched: ReadonlySet<BytePath>;
  scan: Scan;
  fileModes: boolean;
}): TreeEntry[] {
  const { head, index, plain, untouched, scan, fileModes } = options;
  const changes: TreeEntry[] = [];
  for (const [path, file] of plain) {
    const before = head.get(path);
    const isRegular = file.kind === "file" && before?.mode.startsWith("100");
    const mode = isRegular && !fileModes && before ? before.mode : gitMode(file);
    if (untouched.has(path) || (before?.id === file.id && before.mode === mode)) continue;
    changes.push({ path, mode, id: file.id });
  }
  const filled = new Set([...plain.keys()].flatMap((path) => withParents(path)));
  for (const [path, { mode }] of head) {
    if (plain.has(path) || untouched.has(path) || index?.skipped.has(path)) continue;
    const isEmptySubmodule = mode === GITLINK && scan.directories.has(path) && !filled.has(path);
    if (!isEmptySubmodule) changes.push({ path, mode });
  }
  for (const path of untouched) {
    const recorded = index?.staged.get(path);
    if (recorded?.mode === GITLINK && head.get(path)?.id !== recorded.id) changes.push({ path, ...recorded });
  }
  return changes;
}

/** What makes one list of files into another. */
export function differences(from: Map<BytePath, TreeFile>, to: ReadonlyMap<BytePath, TreeFile>): TreeEntry[] {
  const changes: TreeEntry[] = [];
  for (const [path, { mode }] of from) if (!to.has(path)) changes.push({ path, mode });
  for (const [path, file] of to) {
    const before = from.get(path);
    if (before?.id !== file.id || before.mode !== file.mode) changes.push({ path, ...file });
  }
  return changes;
}
