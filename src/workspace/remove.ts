import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AoError } from "../core/errors.ts";
import type { Removal } from "../core/ports/workspaces.ts";
import { branchRef, deleteBranch, isContainedElsewhere } from "./branch.ts";
import type { Git } from "./git.ts";
import { findCommit, isDirectory } from "./repository.ts";
import { commitWorkTree, keepSalvage } from "./salvage.ts";
import { type Found, findWorkTree, listChanges, notAWorktree } from "./work-tree.ts";

/** What is to be removed. */
export interface RemoveRequest {
  repository: string;
  branch: string;
  baseCommit: string;
  path: string;
  sessionId: string;
}

interface Step extends RemoveRequest {
  git: Git;
}

/** Saves what is not merged or pushed, then removes the worktree, then the branch. */
export async function removeWorkspace(git: Git, request: RemoveRequest): Promise<Removal> {
  const step = { git, ...request };
  const tip = await findCommit(git, request.repository, branchRef(request.branch));
  const found = await findWorkTree({ ...step, fallbackHead: tip ?? request.baseCommit });
  if (found.kind === "foreign") throw notAWorktree("remove the worktree", request.path);
  const salvageRef = await salvage(step, found, tip);
  if (found.kind === "worktree") await removeWorkTree(step, found, salvageRef);
  await forgetWorkTree(step);
  if (tip === undefined) return { salvageRef };
  const deleted = await deleteBranch({ ...step, tip });
  return deleted ? { salvageRef } : { salvageRef, keptBranch: request.branch };
}

/** Saves uncommitted files and commits that stand nowhere else; undefined when there are none. */
async function salvage(step: Step, found: Found, tip: string | undefined): Promise<string | undefined> {
  const { git, repository } = step;
  const lonely = async (commit: string | undefined) =>
    commit !== undefined && !(await isContainedElsewhere({ ...step, commit }));
  const tipLonely = await lonely(tip);
  if (found.kind !== "worktree") {
    if (!tipLonely || tip === undefined) return undefined;
    return keepSalvage({ ...step, commit: tip, known: tip });
  }
  const { tree } = found;
  // In a rebase, or after a checkout, HEAD is not the branch: either may hold work the other has not.
  const head = tree.head;
  const headLonely = head === tip ? tipLonely : await lonely(head);
  const extraParents = tipLonely && tip !== undefined && !(await isAncestor(step, tip, head)) ? [tip] : [];
  const dirty = !found.registered || (await listChanges(git, tree.path)).length > 0;
  if (!dirty && !headLonely && extraParents.length === 0) return undefined;
  const isWhole = !dirty && extraParents.length === 0;
  const commit = isWhole ? head : await commitWorkTree({ ...step, tree, extraParents });
  if (!headLonely && !(await addsFiles(step, commit, head)) && extraParents.length === 0) return undefined;
  return keepSalvage({ git, repository, commit, known: head, sessionId: step.sessionId });
}

/** False for a commit that holds just what its first parent holds: a worktree that only lost its record. */
async function addsFiles({ git, repository }: Step, commit: string, head: string): Promise<boolean> {
  if (commit === head) return false;
  const trees = await git.must("compare the saved work", {
    path: repository,
    args: ["rev-parse", `${commit}^{tree}`, `${head}^{tree}`],
  });
  const [saved, before] = trees.split("\n");
  const second = await findCommit(git, repository, `${commit}^2`);
  return saved !== before || second !== undefined;
}

async function isAncestor({ git, repository }: Step, ancestor: string, commit: string): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", ancestor, commit];
  return (await git.run({ path: repository, args })).code === 0;
}

type FoundWorkTree = Extract<Found, { kind: "worktree" }>;

/** Removes a clean worktree the careful way; by force only one whose files are in the salvage, or that git cannot. */
async function removeWorkTree(step: Step, found: FoundWorkTree, salvageRef?: string): Promise<void> {
  const { git, repository, path } = step;
  if (!found.registered) return removeDirectory(path);
  await assertSaved(step, salvageRef);
  const force = salvageRef === undefined ? [] : ["--force"];
  const removed = await git.run({
    path: repository,
    args: ["worktree", "remove", ...force, "--", path],
  });
  if (removed.code === 0) return;
  const { problem } = removed;
  if (/contains modified or untracked files/.test(problem))
    throw new AoError("SALVAGE_FAILED", { session: step.sessionId, problem });
  if (/locked working tree/.test(problem))
    throw new AoError("WORKSPACE_FAILED", { action: "remove the worktree", path, problem });
  // Submodules, or folders without write permission: git gives up half way. All is saved or clean, so go on.
  await removeDirectory(path);
}

/** Looks once more right before the removal: something may still have been writing. */
async function assertSaved(step: Step, salvageRef: string | undefined): Promise<void> {
  const { git, path, sessionId } = step;
  const now = await listChanges(git, path);
  if (now.length === 0) return;
  const problem = `files changed while they were saved, such as "${now[0]}"`;
  if (salvageRef === undefined) throw new AoError("SALVAGE_FAILED", { session: sessionId, problem });
  const found = await findWorkTree({ ...step, fallbackHead: step.baseCommit });
  if (found.kind !== "worktree") throw notAWorktree("remove the worktree", path);
  const again = await commitWorkTree({ git, tree: found.tree, sessionId, extraParents: [] });
  const args = ["diff-tree", "--quiet", again, salvageRef];
  if ((await git.run({ path: step.repository, args })).code !== 0)
    throw new AoError("SALVAGE_FAILED", { session: sessionId, problem });
}

async function removeDirectory(path: string): Promise<void> {
  await makeWritable(path);
  await rm(path, { recursive: true, force: true });
}

/** Gives back the write permission that some tools take from folders of theirs (Go's module cache). */
async function makeWritable(directory: string): Promise<void> {
  if (!(await isDirectory(directory))) return;
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name));
}

/** Drops the repository's record of a worktree that is gone; only this one, as `git worktree prune` would drop all. */
export async function forgetWorkTree(step: { git: Git; repository: string; path: string }): Promise<void> {
  const { git, repository, path } = step;
  if (await isDirectory(path)) return;
  // Fails when there is no record: that is what is wanted.
  await git.run({ path: repository, args: ["worktree", "remove", "--force", "--", path] });
}
