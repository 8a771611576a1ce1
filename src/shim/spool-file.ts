import { SPOOL_NAME } from "../core/launch-manifest.ts";

/** What the name of a spooled file says. */
export interface SpoolName {
  name: string;
  launchId: string;
  /** Process that wrote it: the hook, or the agent itself for records of `ao-run`. */
  pid: number;
  /** Distinguishes files of one pid: pids come round again. */
  n: number;
  event: string;
}

/** A file in the spool, in its place by birth. */
export interface SpoolFile extends SpoolName {
  /** Birth of the file, the hook's start, in ns since the epoch; its last change where the file system knows no birth. */
  birthNs: bigint;
}

/** Reads a file's name; undefined when it is not one of a spooled signal. */
export function parseSpoolName(name: string): SpoolName | undefined {
  const parts = SPOOL_NAME.exec(name)?.groups;
  if (!parts) return undefined;
  const { launch, pid, n, event } = parts as Record<"launch" | "pid" | "n" | "event", string>;
  return { name, launchId: launch, pid: Number(pid), n: Number(n), event };
}

/** Half of the smallest number of pids a system has. */
const HALF_OF_PIDS = 16_384;

/**
 * Orders files by birth. The kernel's clock behind it ticks every 4 ms, so that ties are common: they go by pid, the
 * order of starting, then by number. Pids start over at 32 768 (older Linux) or later: of two far apart the lower is the
 * younger, since nobody starts thousands of processes in a tick.
 */
export function compareSpoolFiles(a: SpoolFile, b: SpoolFile): number {
  if (a.birthNs !== b.birthNs) return a.birthNs < b.birthNs ? -1 : 1;
  if (Math.abs(a.pid - b.pid) > HALF_OF_PIDS) return b.pid - a.pid;
  return a.pid - b.pid || a.n - b.n || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** The signal's id: made of what outlives the shim, so that a file read twice is one signal. */
export function signalId(file: SpoolFile): string {
  return `${file.birthNs}-${file.pid}-${file.n}`;
}

/** Epoch ms of the file's birth. */
export function observedTime(file: SpoolFile): number {
  return Number(file.birthNs / 1_000_000n);
}
