import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { tempDir } from "../../support/temp-dir.ts";

const run = promisify(execFile);
const here = import.meta.dirname;

/** Programs to time against each other. */
export interface Timing {
  rounds: number;
  /** Argument vectors, run in turn within each round. */
  programs: readonly (readonly string[])[];
  /** What each finds on its stdin. */
  input?: string;
  env: Readonly<Record<string, string>>;
}

/** Wall time of whole processes in ms, a list per program, and how it was taken. */
export interface Timed {
  times: number[][];
  method: string;
}

/** Rounds that only warm the caches. */
const WARM_UP = 2;

/** Times programs from a launcher that costs next to nothing: a C program, or a bash loop where there is no compiler. */
export async function timeProcesses({ rounds, programs, input = "", env }: Timing): Promise<Timed> {
  using dir = tempDir();
  const inputFile = join(dir.path, "stdin");
  writeFileSync(inputFile, input);
  const launcher = await makeLauncher(dir.path);
  const args = [String(rounds + WARM_UP), inputFile, ...programs.flatMap((program) => ["--", ...program])];
  const { stdout } = await run(launcher.path, args, { env, maxBuffer: 64 * 1024 * 1024 });
  const times: number[][] = programs.map(() => []);
  for (const line of stdout.trim().split("\n")) {
    const [index, ns] = line.split(" ").map(Number) as [number, number];
    times[index]?.push(ns / 1e6);
  }
  return { times: times.map((list) => list.slice(WARM_UP)), method: launcher.method };
}

async function makeLauncher(dir: string): Promise<{ path: string; method: string }> {
  const path = join(dir, "time-processes");
  try {
    await run("cc", ["-O2", "-o", path, join(here, "time-processes.c")]);
    return { path, method: "posix_spawn to wait, from a C program" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { path: join(here, "time-processes.bash"), method: "$EPOCHREALTIME around a bash command" };
  }
}
