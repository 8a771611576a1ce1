/** How long a client waits for each kind of call, in ms; never shorter than what the daemon may need by its own limits. */
export const DEADLINE_MS = {
  read: 5_000,
  /** Worktree, terminal, binary look-up: git on a large repository is slow. */
  launch: 190_000,
  /** Salvage writes every untracked file. */
  remove: 190_000,
  /** Keys with their pauses. */
  type: 15_000,
  /** A message after its waiting: the paste, every Enter, the agent's word; more than the daemon's own limit. */
  send: 180_000,
  /** The doctor runs other programs. */
  check: 30_000,
  /** Added to a wait the caller has chosen. */
  slack: 10_000,
  /** Added to a kill's grace: the tree must be seen empty. */
  kill: 20_000,
} as const;

/** A wait for the end of a turn or for a status, when the caller names none. */
export const DEFAULT_WAIT_MS = 600_000;
