/** One process of the host at one moment. Processes that have ended and wait to be reaped are not among them. */
export interface ProcessRow {
  pid: number;
  parent: number;
  /** Process group: the pid of its leader. */
  group: number;
  /** Session: the pid of its leader; 0 where the system does not tell. */
  session: number;
  /** When it started, in the source's own unit; with the pid it names one process for ever. */
  startTicks: number;
  /** It is stopped (SIGSTOP), so that it cannot act on SIGTERM. */
  stopped: boolean;
}

/** Where facts about processes come from. Throws when the system's table cannot be read. */
export interface ProcessSource {
  rows(): Promise<ProcessRow[]>;
  row(pid: number): Promise<ProcessRow | undefined>;
  /** Those of these pids that are there, in one step; in no order. */
  rowsOf(pids: readonly number[]): Promise<ProcessRow[]>;
  /** Those of `pids` whose environment holds each of `assignments` (`NAME=value`). */
  tagged(pids: readonly number[], assignments: readonly string[]): Promise<Set<number>>;
  /** Arguments of a process; empty when it is gone. Only good for telling programs apart. */
  argv(pid: number): Promise<string[]>;
  /** Pids of processes among whose arguments each of `words` stands. */
  withArguments(words: readonly string[]): Promise<number[]>;
  /** Process group that has the terminal of a process; undefined when it has none. */
  foregroundGroup(pid: number): Promise<number | undefined>;
  /**
   * Sends SIGKILL for some 25 ms to every process whose environment holds the assignments, as soon as it shows: a chain
   * of processes that fork and end within milliseconds is over before a list of it was read. Spares those whose
   * arguments, or whose parent's, `spare` knows. Returns those it met. Where it is missing, nothing is that quick.
   */
  strike?(assignments: readonly string[], spare: (argv: readonly string[]) => boolean): Promise<number[]>;
  bootId(): Promise<string>;
  /** True when two start times may be the same moment: not every source is exact. */
  sameStart(a: number, b: number): boolean;
}
