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
  /** Folders of the worktree that were not kept because git ignores them and some tool makes them again. */
  leftOut?: readonly string[];
}

/** Where salvages stand. */
export const SALVAGE_PREFIX = "refs/ao/salvage/";

/** The name people call a salvage by: what follows the prefix of its ref. */
export function salvageName({ ref }: Pick<Salvage, "ref">): string {
  return ref.slice(SALVAGE_PREFIX.length);
}

/** Saved work of a removed session. */
export interface Salvage {
  projectId: string;
  /** `refs/ao/salvage/<session>`, or with `-2`, `-3` … where a session of this name had been saved before. */
  ref: string;
  commit: string;
  sessionId: string;
  /** Branch the session worked on; empty when it is not known. */
  branch: string;
  /** Of the newest commit in it. */
  subject: string;
  /** Files that differ from that commit. */
  fileCount: number;
  /** Commits that stand nowhere else. */
  commitCount: number;
  /** Of the files that differ. */
  sizeBytes: number;
  /** What git was in the middle of: "merge", "rebase", "cherry-pick", "revert", "bisect"; empty for nothing. */
  operation: string;
  /** Milliseconds since the epoch. */
  saveTime: number;
}

/** What a restored salvage came to. */
export interface RestoredSalvage {
  path: string;
  branch: string;
  /** What could not be brought back as it was, a sentence each. */
  notes: readonly string[];
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
  /** True when the worktree that was at `from` stands at `to` now; the repository knows it there from then on. */
  follow(request: { repository: string; from: string; to: string }): Promise<boolean>;
  /**
   * Saves all that stands nowhere else, then removes the worktree, then the branch. Nothing was removed when it throws
   * SALVAGE_FAILED or WORKSPACE_FAILED; it may be tried again.
   */
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
  /** All salvages of a repository. */
  listSalvages(repository: string): Promise<Omit<Salvage, "projectId">[]>;
  /**
   * Puts a salvage into a new worktree on a new branch. Throws PATH_IN_USE, BRANCH_IN_USE before anything is written;
   * undoes itself when it fails.
   */
  restoreSalvage(request: {
    repository: string;
    ref: string;
    path: string;
    branch: string;
  }): Promise<RestoredSalvage>;
  /** Deletes a salvage if it still is this commit; false when it was not. */
  dropSalvage(request: { repository: string; ref: string; commit: string }): Promise<boolean>;
}
