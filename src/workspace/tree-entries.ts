import type { BytePath } from "./byte-path.ts";
import type { Git } from "./git.ts";

/** What a commit or an index says of a path. */
export interface TreeFile {
  /** Such as "100644"; "160000" is a repository of its own. */
  mode: string;
  id: string;
}

/** An index, path by path. */
export interface IndexEntries {
  /** Entries that are not in conflict. */
  staged: Map<BytePath, TreeFile>;
  /** Sides of conflicts: 1 the base, 2 ours, 3 theirs. */
  conflicts: { stage: number; path: BytePath; file: TreeFile }[];
  /** Paths git was told not to check out, as in a sparse checkout. */
  skipped: Set<BytePath>;
}

/** Where git finds a working tree: paths given apart, because the tree's own `.git` may be lost. */
export interface GitPlace {
  git: Git;
  path: string;
  env: Readonly<Record<string, string>>;
}

/** All files of a commit. */
export async function readTree(place: GitPlace, commit: string): Promise<Map<BytePath, TreeFile>> {
  const text = await must(place, "read the commit", ["ls-tree", "-r", "-z", "--full-tree", commit]);
  const files = new Map<BytePath, TreeFile>();
  for (const record of text.split("\0").slice(0, -1)) {
    const { mode, id, path } = /^(?<mode>\d+) \w+ (?<id>\w+)\t(?<path>.*)$/s.exec(record)?.groups ?? {};
    if (mode && id && path) files.set(path, { mode, id });
  }
  return files;
}

/** All entries of the index; undefined when git cannot read it. */
export async function readIndex(place: GitPlace): Promise<IndexEntries | undefined> {
  const { code, stdout } = await place.git.run({
    path: place.path,
    args: ["ls-files", "-v", "--stage", "-z", "--full-name", "--", ":/"],
    env: place.env,
    bytes: true,
  });
  if (code !== 0) return undefined;
  const entries: IndexEntries = { staged: new Map(), conflicts: [], skipped: new Set() };
  for (const record of stdout.split("\0").slice(0, -1)) {
    const found = /^(?<tag>\S) (?<mode>\d+) (?<id>\w+) (?<stage>\d)\t(?<path>.*)$/s.exec(record)?.groups;
    const { tag = "", mode, id, stage, path } = found ?? {};
    if (!mode || !id || !path) continue;
    if (stage === "0") entries.staged.set(path, { mode, id });
    else entries.conflicts.push({ stage: Number(stage), path, file: { mode, id } });
    if (tag.toUpperCase() === "S") entries.skipped.add(path);
  }
  return entries;
}

/** Files and folders git ignores; a folder that is ignored as a whole stands for all that is in it. */
export async function readIgnored(place: GitPlace): Promise<Set<BytePath>> {
  const args = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
  const { code, stdout } = await place.git.run({ path: place.path, args, env: place.env, bytes: true });
  // Without an answer nothing counts as ignored: more is kept.
  if (code !== 0) return new Set();
  return new Set(
    stdout
      .split("\0")
      .slice(0, -1)
      .map((path) => path.replace(/\/$/, "")),
  );
}

/** Runs git there with paths as bytes; throws WORKSPACE_FAILED. */
export function must(place: GitPlace, action: string, args: readonly string[]): Promise<string> {
  return place.git.must(action, { path: place.path, args, env: place.env, bytes: true });
}
