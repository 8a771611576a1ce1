import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AoError } from "../core/errors.ts";
import type { Git } from "./git.ts";
import { isThere } from "./is-there.ts";
import { isDirectory } from "./repository.ts";

/** A session's working tree, or what the repository still knows of one that is gone. */
export interface WorkTree {
  path: string;
  /** Git directory that knows it: its own, or the repository's when its own is lost. */
  gitDir: string;
  /** The repository's git directory. */
  commonDir: string;
  /** Its index file; undefined when it is lost. */
  index?: string;
  /** Commit it is on. */
  head: string;
  /** False when the folder is gone (or empty) and only the repository's record is left. */
  isThere: boolean;
  /** False when the repository lost its record. */
  registered: boolean;
}

/** What stands at a session's path. */
export type Found =
  | { kind: "nothing" }
  | { kind: "worktree"; tree: WorkTree }
  /** Something that is not ao's to remove. */
  | { kind: "foreign"; problem: string };

/** Looks at a path. `fallbackHead` stands in for a HEAD that leads nowhere. */
export async function findWorkTree(options: {
  git: Git;
  repository: string;
  path: string;
  fallbackHead: string;
}): Promise<Found> {
  const { git, repository, path, fallbackHead } = options;
  const commonDir = await gitPath(git, repository, "--git-common-dir");
  const problem = await notAFolder(path);
  if (problem !== undefined) return { kind: "foreign", problem };
  const record = await findRecord(commonDir, path);
  const empty = !(await isDirectory(path)) || (await readdir(path)).length === 0;
  if (empty && record === undefined) return { kind: "nothing" };
  const owner: Owner = empty ? { gitDir: record, problem: "" } : await findOwner({ path, commonDir, record });
  if (owner.gitDir === undefined) return { kind: "foreign", problem: owner.problem };
  const registered = await isDirectory(owner.gitDir);
  const gitDir = registered ? owner.gitDir : commonDir;
  const index = join(gitDir, "index");
  const tree: WorkTree = {
    ...{ path, gitDir, commonDir, registered, isThere: !empty },
    head: (registered ? await headOf(git, gitDir) : undefined) ?? fallbackHead,
    index: registered && (await isThere(index)) ? index : undefined,
  };
  return { kind: "worktree", tree };
}

/** What is wrong with a path that is something else than a folder; undefined when it is one, or nothing. */
async function notAFolder(path: string): Promise<string | undefined> {
  if (!(await isThere(path))) return undefined;
  const found = await lstat(path);
  if (found.isSymbolicLink()) return `it is a symbolic link to "${await readlink(path)}"`;
  return found.isDirectory() ? undefined : "it is not a directory";
}

interface Owner {
  /** Undefined when it is nobody ao knows. */
  gitDir?: string;
  problem: string;
}

/** Git directory of the folder at `path`: the one its `.git` names, or its record where it lost its `.git`. */
async function findOwner(options: {
  path: string;
  commonDir: string;
  record: string | undefined;
}): Promise<Owner> {
  const { path, commonDir, record } = options;
  const pointer = await readPointer(path);
  const foreign = (problem: string): Owner => ({ problem });
  const owned = (gitDir: string): Owner => ({ gitDir, problem: "" });
  // An agent may have deleted `.git`, or made a repository of its own there: the record still says whose it is.
  if (pointer === undefined)
    return record === undefined ? foreign("it is not a worktree of the repository") : owned(record);
  // A repository that was moved and has a link in its old place has both paths.
  if ((await realPathOf(dirname(pointer))) !== (await realPathOf(join(commonDir, "worktrees"))))
    return foreign(`it is a worktree of another repository, "${pointer}"`);
  if (!(await isDirectory(pointer))) return owned(pointer);
  const named = await readNamedPath(pointer);
  if (named !== undefined && (await isThere(named)) && (await realpath(named)) !== (await realpath(path)))
    return foreign(`it is the worktree that belongs at "${named}"`);
  return owned(pointer);
}

/** Git directory that a linked worktree's `.git` file names; undefined when there is no such file. */
async function readPointer(path: string): Promise<string | undefined> {
  const text = await readText(join(path, ".git"));
  const found = text === undefined ? undefined : /^gitdir: (.*)/.exec(text)?.[1];
  return found === undefined ? undefined : resolve(path, found);
}

/** Where the repository believes a worktree to be. */
export async function readNamedPath(gitDir: string): Promise<string | undefined> {
  const text = await readText(join(gitDir, "gitdir"));
  return text === undefined ? undefined : dirname(resolve(gitDir, text.trim()));
}

/** The repository's record of a worktree at `path`. */
export async function findRecord(commonDir: string, path: string): Promise<string | undefined> {
  const wanted = new Set([path, await realPathOf(path)]);
  const worktrees = join(commonDir, "worktrees");
  if (!(await isDirectory(worktrees))) return undefined;
  for (const name of await readdir(worktrees)) {
    const named = await readNamedPath(join(worktrees, name));
    if (named !== undefined && wanted.has(named)) return join(worktrees, name);
  }
  return undefined;
}

/** Real path of what may not be there. */
async function realPathOf(path: string): Promise<string> {
  if (path === dirname(path)) return path;
  if (await isThere(path)) return realpath(path);
  return join(await realPathOf(dirname(path)), path.slice(path.lastIndexOf("/") + 1));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "EISDIR", "ENOTDIR"].includes(code)) return undefined;
    throw error;
  }
}

async function headOf(git: Git, gitDir: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
  const found = await git.run({ path: "/", args, env: { GIT_DIR: gitDir } });
  return found.code === 0 ? found.stdout.trim() : undefined;
}

export async function gitPath(git: Git, repository: string, name: string): Promise<string> {
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
export function notAWorktree(action: string, path: string, problem: string): AoError {
  const hint = "Nothing was touched. Move away what stands there, then try again.";
  return new AoError("WORKSPACE_FAILED", { action, path, problem, hint });
}
