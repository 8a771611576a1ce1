/**
 * `node spool-signals.ts < PLAN`: renames signals into a spool at an even pace, as many agents' hooks together do.
 *
 * A process of its own, so that a file system that is slow to take a file does not keep the watch from being read. The
 * files are written beforehand: ext4 passes over inodes deleted in the last seconds, so that at 1000 deletions a second
 * each creation comes to cost 0.7 ms of kernel time, and this process took the CPU from those it measures (seen).
 * Prints one line of JSON: for each signal the ns before its rename, of the monotonic clock all processes share.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** What to spool: the launches take turns, and each of them takes turns at the events. */
export interface SpoolPlan {
  spoolDir: string;
  /** A directory to make, on the file system of the spool. */
  stagingDir: string;
  launchIds: readonly string[];
  turns: readonly { event: string; payload: object }[];
  count: number;
  perSecond: number;
  /** An empty directory that gets a file with every so many signals. */
  floor: { dir: string; every: number };
}

interface StagedFile {
  from: string;
  to: string;
}

const plan = JSON.parse(await text(process.stdin)) as SpoolPlan;
mkdirSync(plan.stagingDir);
const signalFiles = Array.from({ length: plan.count }, (_, index) => stageSignal(index));
const floorFiles = Array.from({ length: Math.ceil(plan.count / plan.floor.every) }, (_, index) =>
  stage(`floor-${index}`, join(plan.floor.dir, String(index)), "{}"),
);
const signals: string[] = [];
const floors: string[] = [];
const start = performance.now();
while (signals.length < plan.count) {
  const elapsed = (performance.now() - start) / 1000;
  const due = Math.min(plan.count, Math.floor(elapsed * plan.perSecond) + 1);
  while (signals.length < due) {
    if (signals.length % plan.floor.every === 0) floors.push(drop(floorFiles[floors.length]));
    signals.push(drop(signalFiles[signals.length]));
  }
  await sleep(1);
}
process.stdout.write(`${JSON.stringify({ signals, floors })}\n`);

function stageSignal(index: number): StagedFile {
  const { launchIds, turns, spoolDir } = plan;
  const launchId = launchIds[index % launchIds.length];
  const turn = turns[Math.floor(index / launchIds.length) % turns.length];
  const payload = JSON.stringify({ session_id: `${launchId}-native`, ...turn?.payload });
  return stage(
    `signal-${index}`,
    join(spoolDir, `${launchId}.${process.pid}-${index}.${turn?.event}`),
    payload,
  );
}

function stage(name: string, to: string, payload: string): StagedFile {
  const from = join(plan.stagingDir, name);
  writeFileSync(from, payload);
  return { from, to };
}

/** Renames a file into its place; the ns before. */
function drop(file: StagedFile | undefined): string {
  if (!file) throw new Error("more files are due than were staged");
  const before = process.hrtime.bigint();
  renameSync(file.from, file.to);
  return String(before);
}
