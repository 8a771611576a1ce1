import type { Git } from "./git.ts";
import { isThere } from "./is-there.ts";
import { isDirectory } from "./repository.ts";
import { findWorkTree } from "./work-tree.ts";

/**
 * Takes a worktree that was moved from `from` to `to` for the session's; true when it is.
 *
 * Its record in the repository is told the new place, else the next `git worktree prune` would drop HEAD and what is
 * staged. A worktree whose record is gone already is the session's all the same: its files are the work.
 */
export async function followWorkTree(
  git: Git,
  { repository, from, to }: { repository: string; from: string; to: string },
): Promise<boolean> {
  if ((await isThere(from)) || !(await isDirectory(to))) return false;
  const found = await findWorkTree({ git, repository, path: to, fallbackHead: "" });
  if (found.kind !== "worktree") return false;
  if (found.tree.registered)
    await git.must("follow the worktree", { path: repository, args: ["worktree", "repair", to] });
  return true;
}
