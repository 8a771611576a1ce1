import { access, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AoError } from "../core/errors.ts";
import type { Git } from "./git.ts";
import { findCommit, isDirectory } from "./repository.ts";
import type { WorkTree } from "./salvage.ts";

/** What stands at a session's path. */
export type Found =
  | { kind: "nothing" }
  /** A worktree of the repository, or one whose record the repository lost. */
  | { kind: "worktree"; tree: WorkTree; registered: boolean }
  /** Something that is not ao's to remove. */
  | { kind: "foreign" };

/** Looks at a path. `fallbackHead` stands in for a HEAD that leads nowhere. */
export async function findWorkTree(options: {
  git: Git;
  repository: string;
  path: string;
  fallbackHead: string;
}): Promise<Found> {
  const { git, repository, path, fallbackHead } = options;
  if (!(await isDirectory(path))) return { kind: "nothing" };
  const pointer = await readPointer(path);
  if (pointer === undefined) return { kind: (await readdir(path)).length === 0 ? "nothing" : "foreign" };
  const commonDir = await gitPath(git, repository, "--git-common-dir");
  if (!pointer.startsWith(join(commonDir, "worktrees"))) return { kind: "foreign" };
  if (!(await isDirectory(pointer)))
    return {
      kind: "worktree",
      tree: { path, gitDir: commonDir, head: fallbackHead },
      registered: false,
    };
  const head = (await findCommit(git, path, "HEAD")) ?? fallbackHead;
  const index = join(pointer, "index");
  return {
    kind: "worktree",
    tree: { path, gitDir: pointer, head, index: (await exists(index)) ? index : undefined },
    registered: true,
  };
}

/** Git directory that a linked worktree's `.git` file names; undefined when there is no such file. */
async function readPointer(path: string): Promise<string | undefined> {
  try {
    const found = /^gitdir: (.*)/.exec(await readFile(join(path, ".git"), "utf8"))?.[1];
    return found === undefined ? undefined : resolve(path, found);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT" || code === "EISDIR") return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function gitPath(git: Git, repository: string, name: string): Promise<string> {
  return git.must("inspect", {
    path: repository,
    args: ["rev-parse", "--path-format=absolute", name],
  });
}

/** Lines of `git status --porcelain`, untracked files one by one whatever the user's settings; empty when clean. */
export async function listChanges(git: Git, path: string): Promise<string[]> {
  const args = ["status", "--porcelain", "--untracked-files=all", "--ignore-submodules=none"];
  const text = await git.must("read the status", { path, args });
  return text.split("\n").filter((line) => line !== "");
}

/** The error for a path that is not the session's worktree. */
export function notAWorktree(action: string, path: string): AoError {
  return new AoError("WORKSPACE_FAILED", { action, path, problem: "it is not a worktree of the repository" });
}
