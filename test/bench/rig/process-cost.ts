import { readdirSync, readFileSync } from "node:fs";

/** What a process has cost so far, from /proc (proc(5)). */
export interface ProcessCost {
  /** User and system time, clock ticks of 10 ms. */
  cpuTicks: number;
  rssBytes: number;
  /** Resident memory with pages shared among processes divided by their number; 0 where it may not be read. */
  pssBytes: number;
  /** Page faults of children it has waited for: grows with every child that ran, however short. */
  childFaults: number;
  /** Children alive now. */
  children: readonly number[];
}

/** Length of a clock tick of /proc: USER_HZ is 100 on every architecture of Linux that Node supports. */
export const TICK_MS = 10;

/** Reads the cost of a running process. */
export function readProcessCost(pid: number): ProcessCost {
  const stat = read(pid, "stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return {
    cpuTicks: field(14) + field(15),
    rssBytes: kilobytes(read(pid, "status"), "VmRSS"),
    pssBytes: kilobytes(read(pid, "smaps_rollup"), "Pss"),
    childFaults: field(11),
    children: childrenOf(pid),
  };
}

/** Children alive now, of any thread. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    read(pid, `task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function kilobytes(text: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
}

/** A thread may end between the listing and the look; a kernel may not offer a file. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (file !== "stat" && (code === "ENOENT" || code === "ESRCH" || code === "EACCES")) return "";
    throw error;
  }
}
