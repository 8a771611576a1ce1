import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FAIL_POINTS } from "../../../src/util/fail-point.ts";
import { readLockHolder } from "../../../src/util/lock-holder.ts";
import { eventually } from "../../support/eventually.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";

const SHIM_MAIN = join(import.meta.dirname, "../../../src/shim/main.ts");
/** Those of a signal's way; the outbox has a suite of its own. */
const SIGNAL_POINTS = FAIL_POINTS.filter((name) => !name.startsWith("outbox:"));
/** How long an armed process may live without passing its fail point; on a busy machine its start alone takes seconds. */
const ARMED_MS = 15_000;

type SignalFailPoint = (typeof FAIL_POINTS)[number];

/** How daemon and shim died. */
export interface Deaths {
  daemon: number;
  shim: number;
  /** Times a process killed itself at a fail point. */
  atPoint: Record<SignalFailPoint, number>;
}

export interface Breaker {
  deaths: Deaths;
  /** True once somebody has died at every fail point. */
  complete(): boolean;
  /** Stops killing; resolves when an unarmed daemon is at work. */
  stop(): Promise<void>;
}

/** Nobody has died. */
export function noDeaths(): Deaths {
  const atPoint = Object.fromEntries(SIGNAL_POINTS.map((name) => [name, 0])) as Deaths["atPoint"];
  return { daemon: 0, shim: 0, atPoint };
}

/** Kills daemon and shim, independently of each other, at random times and at every fail point in turn, until stopped. */
export function startBreaker(options: {
  daemon: RealDaemon;
  random: () => number;
  /** Longest time a process lives before a random kill. */
  calmMs: number;
}): Breaker {
  const { daemon, random, calmMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const deaths = noDeaths();
  const { atPoint } = deaths;
  const spec = (name: SignalFailPoint) => `${name}:${probability(name)}:${Math.floor(random() * 2 ** 31)}`;
  const calm = () => sleep(100 + random() * calmMs, undefined, { signal }).catch(ignoreAbort);
  const missing = (process: string) => {
    const names = FAIL_POINTS.filter((name) => name.startsWith(process));
    const fewest = Math.min(...names.map((name) => atPoint[name]));
    const candidates = names.filter((name) => atPoint[name] === fewest);
    return candidates[Math.floor(random() * candidates.length)] as SignalFailPoint;
  };

  const armDaemon = async () => {
    const point = missing("daemon:");
    await daemon.kill();
    daemon.env.AO_FAIL_POINTS = spec(point);
    const died = await startAndWait(daemon, signal);
    delete daemon.env.AO_FAIL_POINTS;
    if (died) atPoint[point] += 1;
    else deaths.daemon += 1;
    await daemon.kill();
    await daemon.start();
  };
  const killDaemon = async () => {
    await daemon.kill();
    deaths.daemon += 1;
    await daemon.start();
  };
  const killAnyShim = async () => {
    if (await killShim(daemon)) deaths.shim += 1;
  };
  const armShim = async () => {
    const point = missing("shim:");
    await killAnyShim();
    const { AO_FAIL_POINTS: _, ...env } = daemon.env;
    const shim = spawn(process.execPath, [SHIM_MAIN], {
      env: { ...env, AO_FAIL_POINTS: spec(point) },
      stdio: "ignore",
    });
    const killed = await endOf(shim, signal);
    // It leaves with 0 when the daemon's own shim was quicker to take the lock.
    if (killed === "itself") atPoint[point] += 1;
    if (killed === "by hand") deaths.shim += 1;
  };
  const loop = async (steps: readonly (() => Promise<void>)[]) => {
    while (!signal.aborted) {
      for (const step of steps) {
        await calm();
        if (!signal.aborted) await step();
      }
    }
  };
  const running = Promise.all([loop([armDaemon, armDaemon, killDaemon]), loop([armShim, killAnyShim])]);
  running.catch(() => stopping.abort());
  return {
    deaths,
    complete: () => SIGNAL_POINTS.every((name) => atPoint[name] > 0),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Signals pass singly on the shim's side, by the hundred on the daemon's. */
function probability(name: SignalFailPoint): number {
  return name === "shim:sent" ? 0.3 : name.startsWith("shim:") ? 0.05 : 0.5;
}

/** True when the armed daemon killed itself, be it before it said that it is ready. */
async function startAndWait(daemon: RealDaemon, signal: AbortSignal): Promise<boolean> {
  try {
    await daemon.start();
  } catch (error) {
    if (error instanceof Error && error.message.includes("did not start: SIGKILL")) return true;
    throw error;
  }
  return died(daemon.pid(), signal);
}

async function died(pid: number, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + ARMED_MS;
  while (performance.now() < until && !signal.aborted) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return !isAlive(pid);
}

async function endOf(shim: ChildProcess, signal: AbortSignal): Promise<"itself" | "by hand" | "second"> {
  const ended = () => shim.exitCode !== null || shim.signalCode !== null;
  const until = performance.now() + ARMED_MS;
  while (!ended() && performance.now() < until && !signal.aborted) await sleep(20);
  if (!ended()) {
    shim.kill("SIGKILL");
    await eventually(ended, { what: "the shim's end" });
    return "by hand";
  }
  return shim.signalCode === "SIGKILL" ? "itself" : "second";
}

/** Kills the shim that holds the lock, if one does. */
export async function killShim(daemon: RealDaemon): Promise<boolean> {
  const pid = await shimPid(daemon);
  if (pid === undefined) return false;
  process.kill(pid, "SIGKILL");
  await eventually(() => !isAlive(pid), { what: "the shim's end" });
  return true;
}

/** The lock's file may name a pid that is another process's by now. */
export async function shimPid(daemon: RealDaemon): Promise<number | undefined> {
  const pid = await readLockHolder(daemon.paths.shimLockPath);
  return pid !== undefined && isAlive(pid) && commandOf(pid).includes(SHIM_MAIN) ? pid : undefined;
}

/** False for a zombie too: nobody may have waited for an orphan yet. */
function isAlive(pid: number): boolean {
  return commandOf(pid) !== "";
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return "";
    throw error;
  }
}

function ignoreAbort(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
