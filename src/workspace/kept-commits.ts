import { readFile } from "node:fs/promises";
import { AoError } from "../core/errors.ts";
import { branchRef } from "./branch.ts";
import { pathAt } from "./byte-path.ts";
import type { Git } from "./git.ts";
import type { Scan } from "./scan-tree.ts";

/** Commits that go away with a worktree and its branch. */
export interface LonelyCommits {
  /** How many. */
  count: number;
  /** Enough of them to reach all. */
  tips: string[];
}

/** Larger files of a git directory hold no list of commits that a person made. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/**
 * Ids that the files of a worktree's git directory name: HEAD, its reflog, ORIG_HEAD, a merge, rebase, cherry-pick or
 * bisect under way, refs of this worktree alone. Not all are commits, nor need all exist.
 */
export async function namedIds(root: string, scan: Scan, format: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const pattern = new RegExp(`\\b[0-9a-f]{${format === "sha256" ? 64 : 40}}\\b`, "g");
  for (const [path, file] of scan.files) {
    if (file.kind === "link" || file.size > MAX_TEXT_BYTES || path === "index" || path.startsWith("modules/"))
      continue;
    const text = await readFile(pathAt(root, path), "latin1");
    for (const id of text.match(pattern) ?? []) ids.add(id);
  }
  return ids;
}

/** Of these ids: the commits that no other branch, remote's branch or tag reaches. */
export async function findLonely(options: {
  git: Git;
  repository: string;
  /** The branch that goes away. */
  branch: string;
  ids: ReadonlySet<string>;
  sessionId: string;
}): Promise<LonelyCommits> {
  const { git, repository, branch } = options;
  const commits = await onlyCommits(options);
  if (commits.size === 0) return { count: 0, tips: [] };
  const format = "%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)";
  const text = await git.must("look for the work on other branches", {
    path: repository,
    args: ["for-each-ref", `--format=${format}`, "--", "refs/heads", "refs/remotes", "refs/tags"],
  });
  const others = text.split("\n").flatMap((line) => {
    const [ref, type, id, peeledType, peeled] = line.split(" ");
    if (ref === branchRef(branch)) return [];
    return (type === "commit" ? id : peeledType === "commit" ? peeled : undefined) ?? [];
  });
  const listed = await git.must("look for commits that stand nowhere else", {
    path: repository,
    args: ["rev-list", "--parents", "--stdin"],
    input: [...commits, ...new Set(others.map((id) => `^${id}`))].map((id) => `${id}\n`).join(""),
  });
  const rows = listed.split("\n").flatMap((line) => (line === "" ? [] : [line.split(" ")]));
  const parents = new Set(rows.flatMap((row) => row.slice(1)));
  const tips = rows.flatMap(([id]) => (id !== undefined && !parents.has(id) ? id : []));
  return { count: rows.length, tips };
}

async function onlyCommits(options: Parameters<typeof findLonely>[0]): Promise<Set<string>> {
  const { git, repository, ids, sessionId } = options;
  if (ids.size === 0) return new Set();
  const { code, stdout, problem } = await git.run({
    path: repository,
    args: ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
    input: [...ids].map((id) => `${id}\n`).join(""),
  });
  if (code !== 0) throw new AoError("SALVAGE_FAILED", { session: sessionId, problem });
  return new Set(
    stdout.split("\n").flatMap((line) => {
      const [id, type] = line.split(" ");
      return type === "commit" && id ? id : [];
    }),
  );
}
