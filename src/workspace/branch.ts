import { AoError } from "../core/errors.ts";
import type { Git } from "./git.ts";
import { findCommit, listWorktrees } from "./repository.ts";

/** Full name of a branch. */
export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

/** Throws INVALID_FIELD unless git would take this as a branch's name. */
export async function checkBranchName(git: Git, repository: string, branch: string): Promise<void> {
  const refused = branch.startsWith("-") || branch === "HEAD" || branch.includes("\0");
  const args = ["check-ref-format", branchRef(branch)];
  if (!refused && (await git.run({ path: repository, args })).code === 0) return;
  const problem = "is not a name git takes for a branch";
  throw new AoError("INVALID_FIELD", { field: "branch", value: branch, problem });
}

/** Commit of the base; throws INVALID_FIELD for what would be read as an option, REF_NOT_FOUND. */
export async function resolveBase(git: Git, repository: string, ref: string): Promise<string> {
  if (ref === "" || ref.startsWith("-") || ref.includes("\0"))
    throw new AoError("INVALID_FIELD", {
      field: "base_ref",
      value: ref,
      problem: "is not a name of a commit",
    });
  const commit = await findCommit(git, repository, ref);
  if (commit === undefined) throw new AoError("REF_NOT_FOUND", { ref, path: repository });
  return commit;
}

/** Throws BRANCH_IN_USE when the name is taken, or is a folder of other names, or lies below another name. */
export async function checkBranchFree(git: Git, repository: string, branch: string): Promise<void> {
  const parts = branch.split("/");
  const parents = parts.map((_, index) => branchRef(parts.slice(0, index + 1).join("/")));
  // A pattern matches a whole name, or all names below it.
  const below = await git.must("list the branches", {
    path: repository,
    args: ["for-each-ref", "--format=%(refname)", "--", branchRef(branch)],
  });
  const taken = below.split("\n").find((ref) => ref !== "") ?? (await findTaken(git, repository, parents));
  if (taken !== undefined) throw await branchInUse(git, repository, taken.slice(branchRef("").length));
}

async function findTaken(git: Git, repository: string, refs: readonly string[]): Promise<string | undefined> {
  for (const ref of refs) {
    const args = ["show-ref", "--verify", "--quiet", "--", ref];
    if ((await git.run({ path: repository, args })).code === 0) return ref;
  }
  return undefined;
}

/** The error for a branch that is taken, naming where it is checked out. */
export async function branchInUse(git: Git, repository: string, branch: string): Promise<AoError> {
  const worktrees = await listWorktrees(git, repository);
  const path = worktrees.find((entry) => entry.branch === branch)?.path ?? repository;
  return new AoError("BRANCH_IN_USE", { branch, path });
}

/** Deletes a branch if it still stands at `tip` and no worktree uses it; false when it was left. */
export async function deleteBranch(options: {
  git: Git;
  repository: string;
  branch: string;
  tip: string;
}): Promise<boolean> {
  const { git, repository, branch, tip } = options;
  const worktrees = await listWorktrees(git, repository);
  if (worktrees.some((entry) => entry.branch === branch)) return false;
  const deleted = await git.run({ path: repository, args: ["update-ref", "-d", branchRef(branch), tip] });
  if (deleted.code !== 0) return false;
  // What `git push -u` noted of it; there is no such section unless somebody did.
  await git.run({ path: repository, args: ["config", "--local", "--remove-section", `branch.${branch}`] });
  return true;
}
