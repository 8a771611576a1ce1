import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { BlastReport } from "./run.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const UNSHARE = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** False where the system lets a plain user have no namespaces, or knows none. */
export function hasNamespaces(): boolean {
  return spawnSync(UNSHARE[0] as string, [...UNSHARE.slice(1), "true"], { stdio: "ignore" }).status === 0;
}

/** Runs the accidents in a pid namespace of their own where there can be one, else without those that need it. */
export async function blast(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ reports: BlastReport[]; stderr: string }> {
  const wrapper = hasNamespaces() ? UNSHARE : [];
  const [file, ...rest] = [...wrapper, process.execPath, MAIN, ...args] as [string, ...string[]];
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "pipe"], signal, killSignal: "SIGKILL" });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk) => {
      output[name] += chunk;
    });
  await new Promise((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  const lines = output.stdout.split("\n").filter((line) => line.startsWith("{"));
  return { reports: lines.map((line) => JSON.parse(line) as BlastReport), stderr: output.stderr };
}
