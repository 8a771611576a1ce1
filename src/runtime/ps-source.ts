import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ProcessRow, ProcessSource } from "./process-source.ts";

const run = promisify(execFile);
const DEADLINE_MS = 2000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const COLUMNS = "pid=,ppid=,pgid=,stat=,lstart=";
const ROW =
  /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<group>\d+)\s+(?<state>\S+)\s+(?<start>\w{3} \w{3} +\d+ [\d:]+ \d+)\s*$/;

/**
 * Asks `ps`, for systems without /proc (macOS). Start times are epoch seconds.
 *
 * `ps` prints environments after the arguments, parted by spaces: a tag in the arguments would count as well.
 */
export function createPsSource(): ProcessSource {
  return {
    rows: async () => parseRows(await ps(["-A", "-o", COLUMNS])),
    row: async (pid) => parseRows(await ps(["-o", COLUMNS, "-p", String(pid)]))[0],
    rowsOf: async (pids) =>
      pids.length === 0 ? [] : parseRows(await ps(["-o", COLUMNS, "-p", pids.join(",")])),
    tagged: async (among, assignments) => {
      const wanted = new Set(among);
      const lines = (await ps(["axeww", "-o", "pid=,command="])).split("\n");
      const found = lines.filter((line) => assignments.every((text) => line.split(" ").includes(text)));
      return new Set(found.map((line) => Number.parseInt(line, 10)).filter((pid) => wanted.has(pid)));
    },
    argv: async (pid) => (await ps(["-ww", "-o", "command=", "-p", String(pid)])).trim().split(" "),
    async withArguments(words) {
      const lines = (await ps(["-axww", "-o", "pid=,command="])).split("\n");
      const found = lines.filter((line) => words.every((word) => ` ${line} `.includes(` ${word} `)));
      return found.map((line) => Number.parseInt(line, 10));
    },
    foregroundGroup: async (pid) => {
      const group = Number((await ps(["-o", "tpgid=", "-p", String(pid)])).trim());
      return group > 0 ? group : undefined;
    },
    bootId: async () => (await run("sysctl", ["-n", "kern.bootsessionuuid"])).stdout.trim(),
    // Linux's ps computes lstart from two clocks and wavers by a second.
    sameStart: (a, b) => Math.abs(a - b) <= 1,
  };
}

/** Reads what `ps -o pid=,ppid=,pgid=,stat=,lstart=` prints in the C locale. */
export function parseRows(text: string): ProcessRow[] {
  return text.split("\n").flatMap((line) => {
    const found = ROW.exec(line)?.groups;
    if (!found || found.state?.startsWith("Z")) return [];
    return {
      pid: Number(found.pid),
      parent: Number(found.parent),
      group: Number(found.group),
      session: 0,
      startTicks: Math.floor(Date.parse(found.start ?? "") / 1000),
      stopped: found.state?.startsWith("T") ?? false,
    };
  });
}

/** Runs ps in the C locale; its exit code 1 without words means that no process matched. */
async function ps(args: readonly string[]): Promise<string> {
  try {
    const options = { env: { LC_ALL: "C", PATH: "/bin:/usr/bin" }, timeout: DEADLINE_MS };
    return (await run("ps", args, { ...options, maxBuffer: MAX_OUTPUT_BYTES })).stdout;
  } catch (error) {
    const failure = error as { code?: unknown; stderr?: string };
    if (failure.code === 1 && failure.stderr === "") return "";
    throw error;
  }
}
