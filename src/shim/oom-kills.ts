import { closeSync, constants, openSync, readlinkSync, readSync } from "node:fs";

/** Which processes the kernel ended for want of memory, by its own word. */
export interface OomKills {
  /**
   * True when the kernel says that it killed this pid for want of memory within a minute of `time` (epoch ms). False where
   * its messages cannot be read: nothing is guessed.
   */
  has(pid: number, time: number): boolean;
}

/** Records as /dev/kmsg gives them: `PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;TEXT`. */
export type KernelMessages = () => readonly string[];

/** The kernel's clock drifts from ours, and a process that is short of memory dies slowly. */
const NEAR_MS = 60_000;
/** Priorities below are the kernel's own facility: anybody who may write to /dev/kmsg gets a higher one. */
const KERNEL_PRIORITIES = 8;
/** In every message of the kernel's out-of-memory killer, of a cgroup's limit too (mm/oom_kill.c). */
const KILLED =
  /^(?<priority>\d+),\d+,(?<time>\d+),[^;]*;(?:Memory cgroup out|Out) of memory[^:\n]*: Killed process (?<pid>\d+) \(/;

/** `now` is epoch ms, `uptime` ms of the kernel's clock at the same moment. */
export function createOomKills(
  messages: KernelMessages,
  clock: () => { now: number; uptime: number } = systemClocks,
): OomKills {
  return {
    has(pid, time) {
      const { now, uptime } = clock();
      const died = uptime - (now - time);
      return messages().some((record) => {
        const found = KILLED.exec(record)?.groups;
        if (!found || Number(found.pid) !== pid || Number(found.priority) >= KERNEL_PRIORITIES) return false;
        return Math.abs(Number(found.time) / 1000 - died) <= NEAR_MS;
      });
    },
  };
}

/** Node's monotonic clock is the kernel's CLOCK_MONOTONIC, which counts from the boot. */
function systemClocks() {
  return { now: Date.now(), uptime: Number(process.hrtime.bigint() / 1_000_000n) };
}

/** Inode of the host's own pid namespace (PROC_PID_INIT_INO); in any other the kernel's pids are not ours. */
const HOST_PIDS = "pid:[4026531836]";
/** Longer records are refused with EINVAL. */
const RECORD_BYTES = 8192;

/** The kernel's ring of messages; empty where it is not ours to read: other systems, containers, restricted hosts. */
export function kernelMessages(): string[] {
  const records: string[] = [];
  const file = openMessages();
  if (file === undefined) return records;
  try {
    for (let record = readRecord(file); record !== undefined; record = readRecord(file)) records.push(record);
    return records;
  } finally {
    closeSync(file);
  }
}

function openMessages(): number | undefined {
  try {
    if (readlinkSync("/proc/self/ns/pid") !== HOST_PIDS) return undefined;
    return openSync("/dev/kmsg", constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** Undefined at the end of the ring, or when it cannot be read on; empty for a record that was overwritten meanwhile. */
function readRecord(file: number): string | undefined {
  const buffer = Buffer.allocUnsafe(RECORD_BYTES);
  try {
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, RECORD_BYTES, null));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === "EPIPE" ? "" : undefined;
  }
}
