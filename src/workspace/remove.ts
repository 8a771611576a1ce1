import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AoError } from "../core/errors.ts";
import type { Removal } from "../core/ports/workspaces.ts";
import { branchRef, deleteBranch } from "./branch.ts";
import { readablePath } from "./byte-path.ts";
import { gatherEvidence } from "./evidence.ts";
import type { Git } from "./git.ts";
import { isThere } from "./is-there.ts";
import { mendHead } from "./mend-head.ts";
import { refuseMounted } from "./mounts.ts";
import { removeFiles, verifyFiles } from "./remove-files.ts";
import { findCommit } from "./repository.ts";
import { type Evidence, isWorthSaving, salvageFailed, saveSalvage } from "./salvage.ts";
import { findHolding } from "./salvage-held.ts";
import { dropSalvage } from "./salvage-refs.ts";
import { checkUnchanged, emptyScan, FileChanged } from "./scan-tree.ts";
import { findRecord, findWorkTree, gitPath, notAWorktree, type WorkTree } from "./work-tree.ts";

/** What is to be removed. */
export interface RemoveRequest {
  repository: string;
  branch: string;
  baseCommit: string;
  path: string;
  sessionId: string;
}

interface Step extends RemoveRequest {
  git: Git;
}

/** A tree that is still written to is saved anew so often. */
const ATTEMPTS = 3;

/** Saves what stands nowhere else, then removes the worktree, then the branch. */
export async function removeWorkspace(git: Git, request: RemoveRequest): Promise<Removal> {
  const step = { git, ...request };
  const tip = await findCommit(git, request.repository, branchRef(request.branch));
  const tree = await treeOf(step, tip);
  if (tree === undefined) return { salvageRef: undefined };
  await refuseLocked(tree);
  if (tree.isThere) await refuseMounted(tree.path);
  const { salvageRef, evidence } = await save(step, tree, tip);
  if (tree.isThere) await removeWorkTree(step, evidence, salvageRef);
  await forgetWorkTree(step);
  const leftOut = evidence.snapshot.caches.map(readablePath);
  const removal: Removal = { salvageRef, ...(leftOut.length > 0 && { leftOut }) };
  if (tip === undefined) return removal;
  const deleted = await deleteBranch({ ...step, tip });
  return deleted ? removal : { ...removal, keptBranch: request.branch };
}

/** The worktree; where only the branch is left, one without files on its commit; undefined where nothing is left. */
async function treeOf(step: Step, tip: string | undefined): Promise<WorkTree | undefined> {
  const { git, repository, path } = step;
  const fallbackHead = tip ?? step.baseCommit;
  const found = await findWorkTree({ ...step, fallbackHead });
  switch (found.kind) {
    case "worktree":
      return (await mendHead(git, found.tree, step)) ? treeOf(step, tip) : found.tree;
    case "foreign":
      throw notAWorktree("remove the worktree", path, found.problem);
    case "nothing": {
      if (tip === undefined) return undefined;
      const commonDir = await gitPath(git, repository, "--git-common-dir");
      const gone = { path, gitDir: commonDir, commonDir, isThere: false, registered: false };
      return { ...gone, head: tip };
    }
  }
}

/** Somebody said that this worktree must stay. */
async function refuseLocked(tree: WorkTree): Promise<void> {
  const file = join(tree.gitDir, "locked");
  if (!tree.registered || !(await isThere(file))) return;
  const reason = (await readFile(file, "utf8")).trim();
  throw new AoError("WORKSPACE_FAILED", {
    action: "remove the worktree",
    path: tree.path,
    problem: `it is locked${reason === "" ? "" : ` ("${reason}")`}`,
    hint: `Nothing was touched. \`git worktree unlock ${tree.path}\` unlocks it; then try again.`,
  });
}

/** Saves until nothing was written between the save and a last look. */
async function save(
  step: Step,
  tree: WorkTree,
  tip: string | undefined,
): Promise<{ salvageRef?: string; evidence: Evidence }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await saveOnce(step, tree, tip);
    } catch (error) {
      const isBusy = error instanceof FileChanged;
      if (isBusy && attempt < ATTEMPTS) continue;
      if (!isBusy) throw salvageFailed(step.sessionId, error);
      const problem = `"${readablePath(error.path)}" is still being written to`;
      const hint = "Nothing was removed. End what writes to it, then try again.";
      throw new AoError("SALVAGE_FAILED", { session: step.sessionId, problem, hint }, error);
    }
  }
}

async function saveOnce(step: Step, tree: WorkTree, tip: string | undefined) {
  const evidence = await gatherEvidence({ ...step, tree, tip });
  if (!isWorthSaving(evidence)) return { evidence };
  const held = await findHolding(step, evidence);
  const salvageRef = held ?? (await saveSalvage(step, evidence));
  try {
    await lookAgain(evidence);
  } catch (error) {
    // It is out of date already, and nothing was removed: the next attempt saves all of it.
    const commit = await findCommit(step.git, step.repository, salvageRef);
    if (held === undefined && commit) await dropSalvage(step.git, { ...step, ref: salvageRef, commit });
    throw error;
  }
  return { evidence, salvageRef };
}

async function lookAgain({ snapshot, records, format }: Evidence): Promise<void> {
  if (snapshot.tree.isThere) await verifyFiles(snapshot.tree.path, snapshot.scan);
  for (const { root, files } of records.roots) {
    const scan = { ...emptyScan(format), files: new Map(files) };
    for (const [path] of files) await checkUnchanged(root, scan, path);
  }
}

async function removeWorkTree(step: Step, evidence: Evidence, salvageRef?: string): Promise<void> {
  const { path, sessionId } = step;
  const { snapshot } = evidence;
  const saved = salvageRef === undefined ? "" : ` What was saved is in ${salvageRef}.`;
  try {
    await removeFiles(path, snapshot.scan, ".git");
  } catch (error) {
    if (error instanceof FileChanged) {
      const problem = `"${readablePath(error.path)}" was written to while the worktree was removed`;
      const hint = `It is still there.${saved} End what writes to it, then try again.`;
      throw new AoError("SALVAGE_FAILED", { session: sessionId, problem, hint }, error);
    }
    const problem = (error as Error).message;
    const hint = `Nothing was lost.${saved} Mend what it says, then try again.`;
    throw new AoError("WORKSPACE_FAILED", { action: "remove the worktree", path, problem, hint }, error);
  }
}

/** Drops the repository's record of a worktree that is gone; only this one, as `git worktree prune` would drop all. */
export async function forgetWorkTree(step: { git: Git; repository: string; path: string }): Promise<void> {
  const { git, repository, path } = step;
  if (await isThere(path)) return;
  const commonDir = await gitPath(git, repository, "--git-common-dir");
  if ((await findRecord(commonDir, path)) === undefined) return;
  await git.must("forget the worktree", {
    path: repository,
    args: ["worktree", "remove", "--force", "--", path],
  });
}
