import { AoError } from "../core/errors.ts";
import { parseId } from "../core/ids.ts";
import type { Workspaces } from "../core/ports/workspaces.ts";
import { createKeyedMutex } from "../util/keyed-mutex.ts";
import { branchRef, checkBranchFree, checkBranchName, resolveBase } from "./branch.ts";
import { createBranchFiles } from "./branch-files.ts";
import { createWorkTree, type Place, recreateWorkTree } from "./create.ts";
import { followWorkTree } from "./follow.ts";
import { createGit, type Git } from "./git.ts";
import { removeWorkspace } from "./remove.ts";
import { findCommit, inspectRepository, isDirectory } from "./repository.ts";
import { restoreSalvage } from "./restore-salvage.ts";
import { dropSalvage, listSalvages } from "./salvage-refs.ts";
import { findWorkTree, listChanges } from "./work-tree.ts";

/** Git worktrees by the `git` in PATH. `environment` is git's own, less every GIT_ variable. */
export function createWorkspaces(options: {
  environment: Readonly<Record<string, string | undefined>>;
  /** What files in worktrees are made with; undefined leaves this process's own. */
  umask?: number;
}): Workspaces {
  const git = createGit(options.environment, options.umask);
  // git 2.39 fails when it meets a worktree that another process is just making ("failed to read …/commondir").
  const turns = createKeyedMutex();
  const branches = createBranchFiles();
  const inTurn = <T>(repository: string, task: () => Promise<T>): Promise<T> =>
    turns.run(repository, async () => {
      await checkRepository(repository);
      return task();
    });
  return {
    inspect: (path) => inspectRepository(git, path),
    async check({ repository, branch, baseRef, path }) {
      await checkRepository(repository);
      await checkBranchName(git, repository, branch);
      const baseCommit = await resolveBase(git, repository, baseRef);
      await checkBranchFree(git, repository, branch);
      await checkPathFree(git, { repository, branch, baseCommit, path });
      return { baseCommit };
    },
    create: (place) => inTurn(place.repository, () => createWorkTree(git, place)),
    recreate: (place) => inTurn(place.repository, () => recreateWorkTree(git, place)),
    follow: (move) => inTurn(move.repository, () => followWorkTree(git, move)),
    async remove(request) {
      parseId("session", request.sessionId);
      return inTurn(request.repository, async () => {
        await checkBranchName(git, request.repository, request.branch);
        return removeWorkspace(git, request);
      });
    },
    hasBranch: async ({ repository, branch }) =>
      branches.has({ repository, branch }) ??
      ((await isDirectory(repository)) &&
        (await findCommit(git, repository, branchRef(branch))) !== undefined),
    changes: async (path) => ((await isDirectory(path)) ? listChanges(git, path) : []),
    async listSalvages(repository) {
      await checkRepository(repository);
      return listSalvages(git, repository);
    },
    restoreSalvage: (request) => inTurn(request.repository, () => restoreSalvage(git, request)),
    dropSalvage: (request) => inTurn(request.repository, () => dropSalvage(git, request)),
  };
}

/** A repository that was moved or deleted takes nothing with it as long as nothing is tried. */
async function checkRepository(repository: string): Promise<void> {
  if (await isDirectory(repository)) return;
  throw new AoError("WORKSPACE_FAILED", {
    action: "open the repository",
    path: repository,
    problem: "there is no such directory",
    hint: "Nothing was touched. Put the project's repository back, or a symbolic link to it, then try again.",
  });
}

async function checkPathFree(git: Git, place: Place): Promise<void> {
  const found = await findWorkTree({ git, ...place, fallbackHead: place.baseCommit });
  if (found.kind === "nothing") return;
  throw new AoError("INVALID_FIELD", { field: "path", value: place.path, problem: "exists already" });
}
