/**
 * Runs every test file in a process of its own and prints `N passed, N failed, N skipped`.
 *
 * A file that runs no test, ends without its closing report, or does not end in time counts as a failure: plain uvu calls
 * all three green. So does one that leaves a process or a directory behind, both of which are taken away.
 *
 *   node test/run.ts [--dir DIR] [--timeout SECONDS] [--jobs N] [NAME…]     NAME selects files whose path contains it
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { MARK_VARIABLE, removeLeftovers, takeLeftovers } from "./leftovers.ts";

interface Report {
  file: string;
  passed: number;
  failed: number;
  skipped: number;
  output: string;
  seconds: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: "string", default: "test" },
    timeout: { type: "string", default: "180" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const optIn = ["test/agents", "test/chaos"].filter((dir) => !values.dir.startsWith(dir));
const files = globSync(`${values.dir}/**/*.test.ts`)
  .filter((file) => !optIn.some((dir) => file.startsWith(`${dir}/`)))
  .filter((file) => positionals.length === 0 || positionals.some((name) => file.includes(name)))
  .sort();

/** How long a file's output may stay open after its last process. */
const CLOSE_MS = 2_000;
/** Marks of the files that run now. */
const running = new Set<string>();
for (const [signal, code] of [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => {
    for (const mark of running) removeLeftovers(mark);
    process.exit(code);
  });

const reports = await runAll(files, Number(values.jobs), Number(values.timeout) * 1000);
const sum = (key: "passed" | "failed" | "skipped") => reports.reduce((n, r) => n + r[key], 0);
for (const report of reports.filter((r) => r.failed > 0))
  process.stdout.write(`\n── ${report.file}\n${report.output}\n`);
if (files.length === 0) process.stdout.write("no test file matches\n");
process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`);
process.exitCode = sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;

async function runAll(queue: string[], jobs: number, timeoutMs: number): Promise<Report[]> {
  const waiting = [...queue];
  const done: Report[] = [];
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const report = await runFile(file, timeoutMs);
      const mark = report.failed > 0 ? "FAIL" : "ok  ";
      process.stdout.write(
        `${mark} ${report.file}  ${report.passed} passed  ${report.seconds.toFixed(1)} s\n`,
      );
      done.push(report);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return done;
}

async function runFile(file: string, timeoutMs: number): Promise<Report> {
  const mark = randomBytes(2).toString("hex");
  running.add(mark);
  const started = performance.now();
  const child = spawn(process.execPath, [file], {
    detached: true,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, [MARK_VARIABLE]: mark },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const closed = once(child, "close").then(() => true);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    removeLeftovers(mark);
  }, timeoutMs);
  const [code] = (await once(child, "exit")) as [number | null];
  clearTimeout(timer);
  const left = await takeLeftovers(mark);
  // Only one who has lost the mark can still hold the other end.
  if (!(await Promise.race([closed, sleep(CLOSE_MS)])))
    left.push("left a process that holds its output open");
  running.delete(mark);
  return judge({ file, output, code, late, left, seconds: (performance.now() - started) / 1000 });
}

function judge(run: {
  file: string;
  output: string;
  code: number | null;
  late: boolean;
  left: string[];
  seconds: number;
}): Report {
  const total = count(run.output, "Total");
  const passed = count(run.output, "Passed");
  const skipped = count(run.output, "Skipped");
  const notes = [
    run.late ? "did not end in time" : "",
    total === 0 ? "ran no test" : "",
    run.code !== 0 && total === passed ? `exit code ${run.code}` : "",
    ...(run.late ? [] : run.left),
  ].filter(Boolean);
  return {
    file: run.file,
    passed,
    failed: total - passed + (notes.length > 0 ? 1 : 0),
    skipped,
    output: [run.output, ...notes].join("\n"),
    seconds: run.seconds,
  };
}

function count(output: string, label: string): number {
  const found = [...output.matchAll(new RegExp(`${label}:\\s+(\\d+)`, "g"))];
  return found.reduce((sum, match) => sum + Number(match[1]), 0);
}
