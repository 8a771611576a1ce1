import { join } from "node:path";
import type { Git } from "./git.ts";
import { findOperation, headRefOf, readRecords } from "./git-records.ts";
import { findLonely } from "./kept-commits.ts";
import type { Evidence } from "./salvage.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { GitPlace } from "./tree-entries.ts";
import type { WorkTree } from "./work-tree.ts";

/** Looks at all that would go away with a worktree and its branch. Throws FileChanged and as `takeSnapshot` does. */
export async function gatherEvidence(options: {
  git: Git;
  repository: string;
  tree: WorkTree;
  branch: string;
  /** Commit of the branch; undefined when there is no branch. */
  tip?: string;
  sessionId: string;
}): Promise<Evidence> {
  const { git, repository, tree, branch, tip, sessionId } = options;
  const format = await objectFormat(git, repository);
  const snapshot = await takeSnapshot({ tree, place: placeOf(git, tree), format });
  const records = await readRecords({ git, snapshot, branch, format });
  const ids = new Set([...records.ids, tree.head, ...(tip === undefined ? [] : [tip])]);
  const lonely = await findLonely({ git, repository, branch, ids, sessionId });
  const operation = await findOperation(tree);
  const headRef = await headRefOf(tree);
  return { sessionId, branch, headRef, snapshot, records, lonely, operation, format };
}

/** "sha1" or "sha256". */
export async function objectFormat(git: Git, repository: string): Promise<string> {
  return git.must("inspect", { path: repository, args: ["rev-parse", "--show-object-format"] });
}

/** Git commands that read a folder which is gone start at the root: they only read the index. */
function placeOf(git: Git, tree: WorkTree): GitPlace {
  const path = tree.isThere ? tree.path : "/";
  const env = { GIT_DIR: tree.gitDir, GIT_WORK_TREE: path };
  // Where the record is lost the git directory is the repository's own, and so would be its index.
  const noIndex = { GIT_INDEX_FILE: join(tree.commonDir, "ao", "no-index") };
  return { git, path, env: tree.registered ? env : { ...env, ...noIndex } };
}
