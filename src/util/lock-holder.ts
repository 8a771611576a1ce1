import { readFileSync, readlinkSync } from "node:fs";
import { readFile, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { isAlive } from "./is-alive.ts";
import { startTicksOf } from "./start-ticks.ts";

/** What the loser learns. */
export interface LockHeld {
  /** The holder's pid; undefined while the holder has not written it yet, and for one elsewhere. */
  heldBy: number | undefined;
  /** Where a holder runs that is no process of this system: its host's name and its pid there. */
  elsewhere?: { host: string; pid: number };
  /** What the holder left for others to read. */
  note?: string;
}

/** Content of `<path>.pid`: one line of pid and start time, one of JSON with the rest. */
export interface Holder {
  pid: number;
  ticks?: number;
  /** Boot and pid namespace in which the pid means something. */
  place?: string;
  host?: string;
  note?: string;
}

/** Pid written by the holder of the lock at `path`; undefined when none has, or that process is gone, its pid reused or not. */
export async function readLockHolder(path: string): Promise<number | undefined> {
  return describeHolder(await readHolder(path)).heldBy;
}

/** What the holder writes about itself. */
export function holderText({ pid, note }: { pid: number; note?: string }): string {
  const rest = JSON.stringify({ place: thisPlace(), host: hostname(), note });
  return `${pid} ${startTicksOf(pid) ?? ""}\n${rest}\n`;
}

/** What a loser is told of a holder; a pid only of a process that lives. */
export function describeHolder(holder: Holder | undefined): LockHeld {
  if (!holder) return { heldBy: undefined };
  const { pid, ticks, place, host, note } = holder;
  const told = note === undefined ? {} : { note };
  if (place !== undefined && place !== thisPlace())
    return { heldBy: undefined, elsewhere: { host: host ?? "?", pid }, ...told };
  const isHolder = pid > 0 && isAlive(pid) && (ticks === undefined || startTicksOf(pid) === ticks);
  return isHolder ? { heldBy: pid, ...told } : { heldBy: undefined };
}

/** Two hosts that share a disk, and two containers of one host, number their processes apart. */
function thisPlace(): string {
  if (process.platform !== "linux") return hostname();
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
}

/** What stands beside the lock at `path`; undefined when nothing of use does. */
export async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const [first = "", second = "{}"] = (await readFile(pidFile(path), "utf8")).trim().split("\n");
    const [pid = 0, ticks] = first.trim().split(" ").map(Number);
    return { pid, ticks, ...JSON.parse(second) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Removes what `pid` wrote: the directory may be another one by now, with a holder of its own. */
export async function removePidFile(path: string, pid: number): Promise<void> {
  try {
    if ((await readHolder(path))?.pid === pid) await unlink(pidFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Where the holder of the lock at `path` writes who it is. */
export function pidFile(path: string): string {
  return `${path}.pid`;
}
