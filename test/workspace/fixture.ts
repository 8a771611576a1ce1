import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AoError } from "../../src/core/errors.ts";
import { createWorkspaces } from "../../src/workspace/workspaces.ts";
import { tempDir } from "../support/temp-dir.ts";

const IDENTITY = ["-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgSign=false"];

/** Runs git and returns what it prints, trimmed at the end. */
export function git(path: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", LC_ALL: "C" };
  return execFileSync("git", [...IDENTITY, "-C", path, ...args], { env, stdio: ["ignore", "pipe", "pipe"] })
    .toString()
    .trimEnd();
}

/** Writes a file and the folders on its way. */
export function write(root: string, path: string, data: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), data);
}

/** A repository with one commit, and what a test does with worktrees of it. */
export function workshop(name = "repo", init: readonly string[] = []) {
  const dir = tempDir();
  const base = realpathSync(dir.path);
  const repository = join(base, name);
  mkdirSync(repository);
  git(repository, "init", "--quiet", "--initial-branch=main", ...init);
  write(repository, "file.txt", "one\n");
  write(repository, ".gitignore", "ignored/\n");
  git(repository, "add", "--all");
  git(repository, "commit", "--quiet", "-m", "first");
  const environment = {
    ...process.env,
    HOME: "/nonexistent",
    GIT_DIR: "/nowhere",
    GIT_INDEX_FILE: "/nowhere",
  };
  const workspaces = createWorkspaces({ environment });
  const path = join(base, "work trees", "it's one");
  const place = { repository, branch: "ao/demo-1", baseCommit: git(repository, "rev-parse", "HEAD"), path };
  return {
    base,
    repository,
    workspaces,
    path,
    place,
    session: { ...place, sessionId: "demo-1" },
    /** Commits all that is in the worktree. */
    commit(message: string, at = path): string {
      git(at, "add", "--all");
      git(at, "commit", "--quiet", "--allow-empty", "-m", message);
      return git(at, "rev-parse", "HEAD");
    },
    branches: () => git(repository, "for-each-ref", "--format=%(refname:short)", "refs/heads").split("\n"),
    worktrees: () => git(repository, "worktree", "list", "--porcelain").match(/^worktree .*$/gm)?.length,
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

/** Reason of the error a call ends with; its text when it is not ao's own. */
export async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  const thrown = await attempt.then(
    () => "nothing thrown",
    (error: unknown) => error,
  );
  return thrown instanceof AoError ? thrown.reason : String(thrown);
}
