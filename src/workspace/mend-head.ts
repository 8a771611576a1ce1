import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ifThere } from "../util/absent.ts";
import { branchRef } from "./branch.ts";
import type { Git } from "./git.ts";
import { findCommit } from "./repository.ts";
import type { WorkTree } from "./work-tree.ts";

const WHOLE = /^(ref: refs\/.+|[0-9a-f]{40}|[0-9a-f]{64})\n?$/;

/**
 * Gives a worktree its HEAD again where a power failure left an empty one; true when it did.
 *
 * git takes such a record for no repository at all, so that nobody gets at what is staged. Its reflog tells the commit
 * it was on: the session's branch if that is there, else that commit by itself.
 */
export async function mendHead(
  git: Git,
  tree: WorkTree,
  { repository, branch }: { repository: string; branch: string },
): Promise<boolean> {
  const path = join(tree.gitDir, "HEAD");
  if (!tree.registered || WHOLE.test((await ifThere(readFile(path, "utf8"))) ?? "")) return false;
  const tip = await findCommit(git, repository, branchRef(branch));
  const last = await lastCommit(git, repository, tree);
  const isOnBranch = tip !== undefined && (last === undefined || last === tip);
  await writeFile(path, isOnBranch ? `ref: ${branchRef(branch)}\n` : `${last ?? tree.head}\n`);
  return true;
}

async function lastCommit(git: Git, repository: string, { gitDir }: WorkTree): Promise<string | undefined> {
  const log = (await ifThere(readFile(join(gitDir, "logs", "HEAD"), "utf8"))) ?? "";
  const id = log.trimEnd().split("\n").at(-1)?.split(" ")[1] ?? "";
  return /^[0-9a-f]{40,64}$/.test(id) ? findCommit(git, repository, id) : undefined;
}
