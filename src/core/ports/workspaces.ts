/** Facts about a repository. */
export interface RepositoryInfo {
  /** Root of the main working tree, also when asked from a linked worktree. */
  root: string;
  currentBranch: string;
}

/** What became of a session's work when its worktree was removed. */
export interface Removal {
  /** Ref that holds unmerged or untracked work; undefined when there was none. */
  salvageRef?: string;
  /** Branch left in place because it is not merged anywhere. */
  keptBranch?: string;
}

/** Git worktrees of sessions. Argument arrays only, refs validated, `--` before paths. */
export interface Workspaces {
  /** Throws PATH_NOT_FOUND, NOT_A_REPOSITORY, REPOSITORY_EMPTY. */
  inspect(path: string): Promise<RepositoryInfo>;
  /** Checks what `create` will need, writing nothing. Throws REF_NOT_FOUND, BRANCH_IN_USE, INVALID_FIELD. */
  check(request: {
    repository: string;
    branch: string;
    baseRef: string;
    path: string;
  }): Promise<{ baseCommit: string }>;
  /** Makes branch and worktree; undoes itself when it fails. */
  create(request: { repository: string; branch: string; baseCommit: string; path: string }): Promise<void>;
  /** Makes a lost worktree again at the same path on the same branch; does nothing when it is there. */
  recreate(request: { repository: string; branch: string; baseCommit: string; path: string }): Promise<void>;
  /** Saves what is not merged or pushed, then removes the worktree, then the branch if merged. Throws SALVAGE_FAILED, WORKSPACE_FAILED. */
  remove(request: {
    repository: string;
    branch: string;
    baseCommit: string;
    path: string;
    sessionId: string;
  }): Promise<Removal>;
  /** True when the branch exists; false too where there is no repository any more. */
  hasBranch(request: { repository: string; branch: string }): Promise<boolean>;
  /** Lines of `git status --porcelain`; empty when clean or gone. */
  changes(path: string): Promise<string[]>;
}
