import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AoError } from "../core/errors.ts";
import type { RestoredSalvage } from "../core/ports/workspaces.ts";
import { type BlobReader, createBlobReader } from "./blob-reader.ts";
import { deleteBranch } from "./branch.ts";
import { type BytePath, readablePath } from "./byte-path.ts";
import { createWorkTree } from "./create.ts";
import { objectFormat } from "./evidence.ts";
import type { Git } from "./git.ts";
import { isThere } from "./is-there.ts";
import { readManifest, type SavedState } from "./read-salvage.ts";
import { findCommit } from "./repository.ts";
import { restoreFiles } from "./restore-files.ts";
import type { SalvageManifest } from "./salvage-record.ts";
import { readTree, type TreeFile } from "./tree-entries.ts";

/** A salvage, and where it is to go. */
export interface RestoreSalvageRequest {
  repository: string;
  ref: string;
  path: string;
  branch: string;
}

/** Files of a git directory with which git knows what it was in the middle of; a rebase has more, and is not resumed. */
const OPERATION_FILES = [
  ...["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "SQUASH_MSG", "AUTO_MERGE"],
  ...["CHERRY_PICK_HEAD", "REVERT_HEAD"],
];

/** Puts a salvage into a new worktree on a new branch; nothing that exists is written to. */
export async function restoreSalvage(git: Git, request: RestoreSalvageRequest): Promise<RestoredSalvage> {
  const { repository, ref, path, branch } = request;
  const commit = await findCommit(git, repository, ref);
  if (commit === undefined) throw new AoError("SALVAGE_NOT_FOUND", { salvage: ref });
  if (await isThere(path)) throw new AoError("PATH_IN_USE", { path });
  const saved = await readManifest(git, repository, commit);
  const head = saved?.manifest.head ?? commit;
  await createWorkTree(git, { repository, branch, baseCommit: head, path });
  if (!saved) return { path, branch, notes: [] };
  try {
    await fill(git, request, { ...saved, commit });
  } catch (error) {
    await git.run({ path: repository, args: ["worktree", "remove", "--force", "--", path] });
    await deleteBranch({ git, repository, branch, tip: head });
    if (error instanceof AoError) throw error;
    const problem = (error as Error).message;
    throw new AoError("WORKSPACE_FAILED", { action: "restore the salvage", path, problem }, error);
  }
  return { path, branch, notes: notesOf(saved.manifest) };
}

async function fill(git: Git, request: RestoreSalvageRequest, saved: SavedState & { commit: string }) {
  const { repository, path } = request;
  const place = { git, path: repository, env: {} };
  const work = await readTree(place, saved.commit);
  const state = await readTree(place, saved.state);
  const format = await objectFormat(git, repository);
  const blobs = createBlobReader(git, repository);
  try {
    await restoreFiles({ root: path, format, blobs, work, state, manifest: saved.manifest });
    await restoreIndex({ git, path, blobs, state });
  } finally {
    await blobs.close();
  }
  for (const { path: submodule } of saved.manifest.modules) {
    // It names the place where the submodule stood.
    const file = join(path, readablePath(submodule), ".git", "config");
    await git.run({ path, args: ["config", "--file", file, "--unset", "core.worktree"] });
  }
}

/** Staged stays staged: the index as it was, with the sides of conflicts, and what git was in the middle of. */
async function restoreIndex(options: {
  git: Git;
  path: string;
  blobs: BlobReader;
  state: ReadonlyMap<BytePath, TreeFile>;
}): Promise<void> {
  const { git, path, blobs, state } = options;
  const gitDir = await git.must("inspect", { path, args: ["rev-parse", "--absolute-git-dir"] });
  const shared = [...state.keys()].filter((name) => /^git\/sharedindex\.\w+$/.test(name));
  for (const name of [...shared, "git/index", ...OPERATION_FILES.map((file) => `git/${file}`)]) {
    const file = state.get(name);
    if (!file) continue;
    const at = join(gitDir, name.slice("git/".length));
    await writeFile(`${at}.ao`, await blobs.read(file.id), { flag: "wx" });
    await rename(`${at}.ao`, at);
  }
  // It still has the times of the files that were saved; "needs update" is what is to be said of changed ones.
  await git.run({ path, args: ["update-index", "-q", "--refresh"] });
}

function notesOf(manifest: SalvageManifest): string[] {
  const { caches, odd, special } = manifest;
  const names = (paths: readonly BytePath[]) => paths.map((path) => `"${readablePath(path)}"`).join(", ");
  return [
    ...(caches.length > 0 ? [`Not kept, because tools make them again: ${names(caches)}.`] : []),
    ...(special.length > 0 ? [`Neither files nor folders, so not kept: ${names(special)}.`] : []),
    ...(odd.some(({ path }) => path === ".git" || path.startsWith(".git/"))
      ? ["The repository that stood in place of the worktree's .git is in .git-of-session."]
      : []),
    ...(manifest.isThere ? [] : ["The worktree's folder was gone: the files are those that were staged."]),
  ];
}
