import { AoError } from "../core/errors.ts";
import { parseId } from "../core/ids.ts";
import type { Workspaces } from "../core/ports/workspaces.ts";
import { createKeyedMutex } from "../util/keyed-mutex.ts";
import { branchInUse, branchRef, checkBranchFree, checkBranchName, resolveBase } from "./branch.ts";
import { createGit, type Git } from "./git.ts";
import { forgetWorkTree, removeWorkspace } from "./remove.ts";
import { findCommit, inspectRepository, isDirectory, listWorktrees } from "./repository.ts";
import { findWorkTree, listChanges, notAWorktree } from "./work-tree.ts";

interface Place {
  repository: string;
  branch: string;
  baseCommit: string;
  path: string;
}

/** Git worktrees by the `git` in PATH. `environment` is git's own, less every GIT_ variable. */
export function createWorkspaces(options: {
  environment: Readonly<Record<string, string | undefined>>;
}): Workspaces {
  const git = createGit(options.environment);
  // git 2.39 fails when it meets a worktree that another process is just making ("failed to read …/commondir").
  const turns = createKeyedMutex();
  return {
    inspect: (path) => inspectRepository(git, path),
    async check({ repository, branch, baseRef, path }) {
      await checkBranchName(git, repository, branch);
      const baseCommit = await resolveBase(git, repository, baseRef);
      await checkBranchFree(git, repository, branch);
      await checkPathFree(git, { repository, branch, baseCommit, path });
      return { baseCommit };
    },
    create: (place) => turns.run(place.repository, () => create(git, place)),
    recreate: (place) => turns.run(place.repository, () => recreate(git, place)),
    remove: async (request) => {
      parseId("session", request.sessionId);
      await checkBranchName(git, request.repository, request.branch);
      return turns.run(request.repository, () => removeWorkspace(git, request));
    },
    hasBranch: async ({ repository, branch }) =>
      (await isDirectory(repository)) && (await findCommit(git, repository, branchRef(branch))) !== undefined,
    changes: async (path) => ((await isDirectory(path)) ? listChanges(git, path) : []),
  };
}

async function checkPathFree(git: Git, place: Place): Promise<void> {
  const found = await findWorkTree({ git, ...place, fallbackHead: place.baseCommit });
  if (found.kind === "nothing") return;
  throw new AoError("INVALID_FIELD", { field: "path", value: place.path, problem: "exists already" });
}

/** The branch is made first and by itself, so that an undo knows whose it is: git refuses one that exists. */
async function create(git: Git, place: Place): Promise<void> {
  const { repository, branch, baseCommit } = place;
  await checkBranchName(git, repository, branch);
  await checkBranchFree(git, repository, branch);
  const none = "0".repeat(baseCommit.length);
  const args = ["update-ref", branchRef(branch), baseCommit, none];
  const made = await git.run({ path: repository, args });
  if (made.code !== 0) {
    if (/already exists/.test(made.problem)) throw await branchInUse(git, repository, branch);
    throw failed("create the branch", repository, made.problem);
  }
  try {
    await addWorkTree(git, place);
  } catch (error) {
    await git.run({ path: repository, args: ["update-ref", "-d", branchRef(branch), baseCommit] });
    throw error;
  }
}

async function recreate(git: Git, place: Place): Promise<void> {
  const { repository, branch, path } = place;
  await checkBranchName(git, repository, branch);
  const found = await findWorkTree({ git, ...place, fallbackHead: place.baseCommit });
  if (found.kind === "worktree" && found.registered) return;
  if (found.kind !== "nothing") throw notAWorktree("make the worktree again", path);
  if ((await findCommit(git, repository, branchRef(branch))) === undefined) return create(git, place);
  await addWorkTree(git, place);
}

/** Checks the branch out at the path; leaves neither folder nor record when that fails. */
async function addWorkTree(git: Git, { repository, branch, path }: Place): Promise<void> {
  await forgetWorkTree({ git, repository, path });
  const elsewhere = (await listWorktrees(git, repository)).find((entry) => entry.branch === branch);
  if (elsewhere) throw new AoError("BRANCH_IN_USE", { branch, path: elsewhere.path });
  const args = ["worktree", "add", "--", path, branch];
  const added = await git.run({ path: repository, args });
  if (added.code === 0) return;
  await git.run({ path: repository, args: ["worktree", "remove", "--force", "--", path] });
  throw failed("create the worktree", path, added.problem);
}

function failed(action: string, path: string, problem: string): AoError {
  return new AoError("WORKSPACE_FAILED", { action, path, problem });
}
