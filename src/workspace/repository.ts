import { stat } from "node:fs/promises";
import { AoError } from "../core/errors.ts";
import type { RepositoryInfo } from "../core/ports/workspaces.ts";
import { ifThere } from "../util/absent.ts";
import type { Git } from "./git.ts";

/** A worktree as `git worktree list` tells. */
export interface WorktreeEntry {
  path: string;
  /** Without "refs/heads/"; undefined when detached or bare. */
  branch?: string;
}

/** Facts about the repository that `path` is in. Throws PATH_NOT_FOUND, NOT_A_REPOSITORY, REPOSITORY_EMPTY. */
export async function inspectRepository(git: Git, path: string): Promise<RepositoryInfo> {
  if (!(await isDirectory(path))) throw new AoError("PATH_NOT_FOUND", { path });
  const inside = await git.run({ path, args: ["rev-parse", "--git-dir"] });
  if (inside.code !== 0) {
    if (/dubious ownership/.test(inside.problem))
      throw new AoError("WORKSPACE_FAILED", { action: "open", path, problem: inside.problem });
    throw new AoError("NOT_A_REPOSITORY", { path });
  }
  const root = await findRoot(git, path);
  if (!(await hasCommit(git, root))) throw new AoError("REPOSITORY_EMPTY", { path: root });
  const head = await git.run({ path: root, args: ["symbolic-ref", "--quiet", "--short", "HEAD"] });
  return { root, currentBranch: head.stdout.trim() };
}

/** By HEAD, which alone leads to commits when it is detached, or any ref; one that a power failure broke stops no other. */
async function hasCommit(git: Git, path: string): Promise<boolean> {
  if ((await findCommit(git, path, "HEAD")) !== undefined) return true;
  const refs = await git.run({ path, args: ["for-each-ref", "--count=1", "--format=%(objectname)"] });
  return refs.stdout.trim() !== "";
}

/** Root of the main working tree; of a bare repository its directory. */
async function findRoot(git: Git, path: string): Promise<string> {
  const [gitDir, commonDir, inTree] = (
    await git.must("inspect", {
      path,
      args: [
        ...["rev-parse", "--path-format=absolute"],
        ...["--git-dir", "--git-common-dir", "--is-inside-work-tree"],
      ],
    })
  ).split("\n");
  if (gitDir === commonDir && inTree === "true")
    return git.must("inspect", { path, args: ["rev-parse", "--show-toplevel"] });
  return (await listWorktrees(git, path))[0]?.path ?? path;
}

/** All worktrees, the main one first. */
export async function listWorktrees(git: Git, repository: string): Promise<WorktreeEntry[]> {
  const text = await git.must("list the worktrees", {
    path: repository,
    args: ["worktree", "list", "--porcelain"],
  });
  return text.split("\n\n").flatMap((block) => {
    const path = /^worktree (.*)$/m.exec(block)?.[1];
    if (path === undefined) return [];
    return { path, branch: /^branch refs\/heads\/(.*)$/m.exec(block)?.[1] };
  });
}

/** True when `path` is a directory. */
export async function isDirectory(path: string): Promise<boolean> {
  return (await ifThere(stat(path)))?.isDirectory() ?? false;
}

/** Commit a ref stands for; undefined when there is none. `ref` must not start with "-". */
export async function findCommit(git: Git, repository: string, ref: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`];
  const found = await git.run({ path: repository, args });
  return found.code === 0 ? found.stdout.trim() : undefined;
}
