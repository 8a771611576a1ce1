import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ProcessRow, ProcessSource } from "./process-source.ts";

/** Errors that say the process is gone: no such directory, or it ended while its file was read. */
const GONE = ["ENOENT", "ESRCH"];
/** How long one strike may keep this process from anything else. */
const STRIKE_MS = 25;
/** The first look reads everybody and may take as long; the quick ones come after it. */
const MIN_LOOKS = 12;
/** Errors that say the process is somebody else's. */
const FOREIGN = ["EACCES", "EPERM"];

/**
 * Reads Linux's /proc, without a subprocess. Start times are clock ticks since boot (proc(5), field 22 of stat).
 *
 * Reads are synchronous: procfs answers from memory (20 µs each), and nothing comes between a look and a kill.
 */
export function createProcSource(): ProcessSource {
  return {
    rows: async () => pids().flatMap((pid) => readRow(pid) ?? []),
    row: async (pid) => readRow(pid),
    rowsOf: async (among) => among.flatMap((pid) => readRow(pid) ?? []),
    tagged: async (among, assignments) =>
      new Set(
        among.filter((pid) => {
          const environment = readList(pid, "environ");
          return assignments.every((assignment) => environment.includes(assignment));
        }),
      ),
    argv: async (pid) => readList(pid, "cmdline"),
    strike: async (assignments, spare) => strike(assignments, spare),
    withArguments: async (words) =>
      pids().filter((pid) => {
        const argv = readList(pid, "cmdline");
        return words.every((word) => argv.includes(word));
      }),
    foregroundGroup: async (pid) => parseForegroundGroup(read(pid, "stat") ?? ""),
    bootId: async () => (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim(),
    sameStart: (a, b) => a === b,
  };
}

function strike(assignments: readonly string[], spare: (argv: readonly string[]) => boolean): number[] {
  const until = performance.now() + STRIKE_MS;
  const seen = new Set([1, process.pid]);
  const struck: number[] = [];
  // The newest first: the others of the first look are not in a hurry.
  for (let look = 0; look < MIN_LOOKS || performance.now() < until; look++) {
    for (const pid of pids().reverse()) {
      if (seen.has(pid)) continue;
      const environment = readList(pid, "environ");
      // In the middle of an exec a process has none: it is looked at again.
      if (environment.length > 0) seen.add(pid);
      if (!assignments.every((assignment) => environment.includes(assignment))) continue;
      const parent = readRow(pid)?.parent;
      if (spare(readList(pid, "cmdline")) || (parent !== undefined && spare(readList(parent, "cmdline"))))
        continue;
      struck.push(pid);
      killAtOnce(pid);
    }
  }
  return struck;
}

function killAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readRow(pid: number): ProcessRow | undefined {
  const text = read(pid, "stat");
  return text === undefined ? undefined : parseStat(pid, text);
}

/** Reads `/proc/PID/stat`; the name in it may hold spaces and parentheses, so counting starts after the last ")". */
export function parseStat(pid: number, text: string): ProcessRow | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const state = fields[0] ?? "";
  // A leader that ended while its threads run on is a zombie too, but not gone.
  const gone = "ZXx".includes(state) && field(20) <= 1;
  if (gone) return undefined;
  return {
    pid,
    parent: field(4),
    group: field(5),
    session: field(6),
    startTicks: field(22),
    stopped: "Tt".includes(state),
  };
}

/** Reads field 8 of `/proc/PID/stat`, -1 without a terminal. */
function parseForegroundGroup(text: string): number | undefined {
  const group = Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[8 - 3]);
  return group > 0 ? group : undefined;
}

function readList(pid: number, file: "environ" | "cmdline"): string[] {
  return (read(pid, file) ?? "").split("\0").slice(0, -1);
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (GONE.includes(code)) return undefined;
    if (FOREIGN.includes(code) && file !== "stat") return undefined;
    throw error;
  }
}
