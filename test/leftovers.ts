import { execFileSync } from "node:child_process";
import { globSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sendSignal } from "../src/util/send-signal.ts";

/** Variable that every process of a test file inherits; temporary directories bear it in their names. */
export const MARK_VARIABLE = "AO_TEST_MARK";

/** Directories of test files begin with this. Short, because sockets lie in them. */
export const TEMP_PREFIX = "/tmp/ao-t-";

/** How long what a test has ended may take to be gone. */
const GONE_MS = 5_000;
const LOOK_MS = 50;
/** How many names tell what a directory that was left is about. */
const NAMES = 8;

/** What a test file has left behind, a line each, after processes had 5 s to go. All of it is taken away. */
export async function takeLeftovers(mark: string): Promise<string[]> {
  const deadline = performance.now() + GONE_MS;
  while (markedProcesses(mark).length > 0 && performance.now() < deadline) await sleep(LOOK_MS);
  return removeLeftovers(mark);
}

/** Kills the processes of a test file and removes its directories at once; returns a line for each. */
export function removeLeftovers(mark: string): string[] {
  const processes = markedProcesses(mark);
  for (const { pid } of processes) sendSignal(pid, "SIGKILL");
  const directories = globSync(`${TEMP_PREFIX}${mark}-*`).map((path) => ({ path, holds: fewNames(path) }));
  for (const { path } of directories) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  return [
    ...processes.map(({ pid, command }) => `left process ${pid}: ${command}`),
    ...directories.map(({ path, holds }) => `left directory ${path} with ${holds}`),
  ];
}

function fewNames(directory: string): string {
  const names = globSync("**", { cwd: directory }).filter((name) => name !== ".");
  return names.length === 0 ? "nothing" : names.slice(0, NAMES).join(", ");
}

function markedProcesses(mark: string): { pid: number; command: string }[] {
  const wanted = `${MARK_VARIABLE}=${mark}`;
  return process.platform === "linux" ? inProc(wanted) : inPs(wanted);
}

function inProc(wanted: string): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProc(pid, "environ").split("\0").includes(wanted))
    .map((pid) => ({ pid: Number(pid), command: readProc(pid, "cmdline").replaceAll("\0", " ").trim() }));
}

/** Empty for a process that has gone or is another user's. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return "";
    throw error;
  }
}

function inPs(wanted: string): { pid: number; command: string }[] {
  return execFileSync("ps", ["-axEww", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 2 ** 26 })
    .split("\n")
    .filter((line) => line.split(" ").includes(wanted))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim() }));
}
