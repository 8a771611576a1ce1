import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AoError } from "../core/errors.ts";
import { branchInUse, branchRef, checkBranchFree, checkBranchName } from "./branch.ts";
import type { Git } from "./git.ts";
import { mendHead } from "./mend-head.ts";
import { forgetWorkTree } from "./remove.ts";
import { findCommit, listWorktrees } from "./repository.ts";
import { findWorkTree, notAWorktree, type WorkTree } from "./work-tree.ts";

/** A session's worktree: where, on which branch, from which commit. */
export interface Place {
  repository: string;
  branch: string;
  baseCommit: string;
  path: string;
}

/** The branch is made first and by itself, so that an undo knows whose it is: git refuses one that exists. */
export async function createWorkTree(git: Git, place: Place): Promise<void> {
  const { repository, branch, baseCommit } = place;
  await checkBranchName(git, repository, branch);
  await checkBranchFree(git, repository, branch);
  const none = "0".repeat(baseCommit.length);
  const args = ["update-ref", branchRef(branch), baseCommit, none];
  const made = await git.run({ path: repository, args });
  if (made.code !== 0) {
    if (/already exists/.test(made.problem)) throw await branchInUse(git, repository, branch);
    throw failed("create the branch", repository, made.problem);
  }
  try {
    await addWorkTree(git, place);
  } catch (error) {
    await git.run({ path: repository, args: ["update-ref", "-d", branchRef(branch), baseCommit] });
    throw error;
  }
}

/** Makes a lost worktree again, with what the repository still knows of it; does nothing when it is there. */
export async function recreateWorkTree(git: Git, place: Place): Promise<void> {
  const { repository, branch, path } = place;
  const action = "make the worktree again";
  await checkBranchName(git, repository, branch);
  const found = await findWorkTree({ git, ...place, fallbackHead: place.baseCommit });
  switch (found.kind) {
    case "foreign":
      throw notAWorktree(action, path, found.problem);
    case "worktree":
      await mendHead(git, found.tree, place);
      if (!found.tree.isThere) return reviveWorkTree(git, found.tree);
      if (found.tree.registered) return;
      throw notAWorktree(action, path, "the repository lost its record");
    case "nothing":
      if ((await findCommit(git, repository, branchRef(branch))) === undefined)
        return createWorkTree(git, place);
      return addWorkTree(git, place);
  }
}

/** Gives a record its folder back: HEAD, reflog and what was staged are still in it, and would go with the record. */
async function reviveWorkTree(git: Git, { path, gitDir }: WorkTree): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, ".git"), `gitdir: ${gitDir}\n`, { flag: "wx" });
  await git.must("make the worktree again", { path, args: ["checkout-index", "--all", "--force"] });
}

/** Checks the branch out at the path; leaves neither folder nor record when that fails. */
async function addWorkTree(git: Git, { repository, branch, path }: Place): Promise<void> {
  await forgetWorkTree({ git, repository, path });
  const elsewhere = (await listWorktrees(git, repository)).find((entry) => entry.branch === branch);
  if (elsewhere) throw new AoError("BRANCH_IN_USE", { branch, path: elsewhere.path });
  const args = ["worktree", "add", "--", path, branch];
  const added = await git.run({ path: repository, args });
  if (added.code === 0) return;
  await git.run({ path: repository, args: ["worktree", "remove", "--force", "--", path] });
  throw failed("create the worktree", path, added.problem);
}

function failed(action: string, path: string, problem: string): AoError {
  return new AoError("WORKSPACE_FAILED", { action, path, problem });
}
