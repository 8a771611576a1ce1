import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AoError } from "../core/errors.ts";
import type { Git, GitRequest } from "./git.ts";
import { findCommit } from "./repository.ts";

/** A working tree whose files are to be kept. */
export interface WorkTree {
  path: string;
  /** Git directory that knows it: its own, or the repository's when its own is lost. */
  gitDir: string;
  /** Its index file; undefined when it is lost. */
  index?: string;
  /** Commit it is on. */
  head: string;
}

/** Who wrote the salvage commit; the repository may name nobody. */
const IDENTITY = {
  GIT_AUTHOR_NAME: "ao",
  GIT_AUTHOR_EMAIL: "ao@localhost",
  GIT_COMMITTER_NAME: "ao",
  GIT_COMMITTER_EMAIL: "ao@localhost",
};
const MAX_REFS = 1000;

/**
 * Makes a commit of everything in a working tree that git does not ignore, untracked files too, touching neither its
 * index nor its branch. Parents: its commit, `extraParents`, and like a stash a commit of the index when that holds
 * something that neither its commit nor its files have.
 *
 * Throws SALVAGE_FAILED when git fails, or for a repository inside: its own commits and files would be lost.
 */
export async function commitWorkTree(options: {
  git: Git;
  tree: WorkTree;
  sessionId: string;
  extraParents: readonly string[];
}): Promise<string> {
  const { git, tree, sessionId } = options;
  const directory = await mkdtemp(join(tmpdir(), "ao-salvage-"));
  try {
    const { env, must } = await openIndex({ git, tree, sessionId, directory });
    const staged = await git.run({ path: tree.path, args: ["write-tree"], env });
    await must(["add", "--all", "--", ":/"]);
    const files = await must(["write-tree"]);
    await refuseRepositoriesInside({ must, head: tree.head, files, sessionId });
    const commit = (treeId: string, parents: readonly string[], message: string) =>
      must(["commit-tree", treeId, ...parents.flatMap((parent) => ["-p", parent]), "-m", message]);
    const headTree = await must(["rev-parse", `${tree.head}^{tree}`]);
    const stagedTree = staged.code === 0 ? staged.stdout.trim() : files;
    const parents = [tree.head, ...options.extraParents];
    if (stagedTree !== headTree && stagedTree !== files)
      parents.push(await commit(stagedTree, [tree.head], `ao: index of session ${sessionId}`));
    return await commit(files, parents, `ao: work of session ${sessionId}, saved when it was removed`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Copies the index, so that its owner's stays as it is, and returns a git that works on the copy. */
async function openIndex(options: { git: Git; tree: WorkTree; sessionId: string; directory: string }) {
  const { git, tree, sessionId } = options;
  const index = join(options.directory, "index");
  const env = { ...IDENTITY, GIT_INDEX_FILE: index, GIT_DIR: tree.gitDir, GIT_WORK_TREE: tree.path };
  const must = async (args: GitRequest["args"]) => {
    const { code, stdout, problem } = await git.run({ path: tree.path, args, env });
    if (code !== 0) throw new AoError("SALVAGE_FAILED", { session: sessionId, problem });
    return stdout.trim();
  };
  if (tree.index) await copyFile(tree.index, index);
  else await must(["read-tree", tree.head]);
  return { env, must };
}

async function refuseRepositoriesInside(options: {
  must: (args: readonly string[]) => Promise<string>;
  head: string;
  files: string;
  sessionId: string;
}): Promise<void> {
  const { must, head, files, sessionId } = options;
  const changed = (await must(["diff-tree", "-r", "-z", "--no-renames", head, files])).split("\0");
  // Each change is ":mode mode id id letter", then the path. 160000 is a repository.
  const at = changed.findIndex((field) => /^:\d+ 160000 /.test(field));
  const dirty = (await must(["status", "--porcelain=v2", "-z", "--ignore-submodules=none"]))
    .split("\0")
    .find((line) => /^[12] .. S.(M.|.U) /.test(line));
  const name = at >= 0 ? changed[at + 1] : dirty?.split(" ").slice(8).join(" ");
  if (name === undefined) return;
  const problem = `"${name}" is a repository of its own with work in it`;
  throw new AoError("SALVAGE_FAILED", { session: sessionId, problem });
}

/** Points a fresh ref at the commit and makes sure that git can read all that it adds to `known`. Returns the ref. */
export async function keepSalvage(options: {
  git: Git;
  repository: string;
  commit: string;
  known: string;
  sessionId: string;
}): Promise<string> {
  const { git, repository, commit, known, sessionId } = options;
  const ref = await createRef(options);
  const args = ["rev-list", "--objects", "--quiet", ref, `^${known}`];
  const readable = await git.run({ path: repository, args });
  const problem = readable.code === 0 ? `"${ref}" does not lead to ${commit}` : readable.problem;
  if (readable.code !== 0 || (await findCommit(git, repository, ref)) !== commit)
    throw new AoError("SALVAGE_FAILED", { session: sessionId, problem });
  return ref;
}

/** Takes the first name that is free; git itself refuses one that was taken in between. */
async function createRef(options: {
  git: Git;
  repository: string;
  commit: string;
  sessionId: string;
}): Promise<string> {
  const { git, repository, commit, sessionId } = options;
  let problem = "";
  for (let number = 1; number <= MAX_REFS; number++) {
    const ref = `refs/ao/salvage/${sessionId}${number === 1 ? "" : `-${number}`}`;
    const there = await findCommit(git, repository, ref);
    if (there === commit) return ref;
    if (there !== undefined) continue;
    const args = ["update-ref", "--create-reflog", ref, commit, "0".repeat(commit.length)];
    const made = await git.run({ path: repository, args, env: IDENTITY });
    if (made.code === 0) return ref;
    problem = made.problem;
    if (!/already exists/.test(problem)) break;
  }
  throw new AoError("SALVAGE_FAILED", { session: sessionId, problem: problem || "too many salvage refs" });
}
