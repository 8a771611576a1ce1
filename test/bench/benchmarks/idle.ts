import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessIdentity } from "../../../src/core/ports/runtime.ts";
import type { ActivityState } from "../../../src/core/session.ts";
import { WITNESS_NOTE } from "../../../src/shim/witness-desk.ts";
import type { Benchmark, Scale } from "../measurement.ts";
import { type BenchHome, createBenchHome } from "../rig/bench-home.ts";
import { launchDirOf, type SeededSession, type SessionPlan, seedSessions } from "../rig/live-sessions.ts";
import { childrenOf, type ProcessCost, readProcessCost, TICK_MS } from "../rig/process-cost.ts";
import { startSleepers } from "../rig/sleepers.ts";

const SCALES: Record<Scale, { sessions: number; settleSeconds: number; seconds: number }> = {
  full: { sessions: 100, settleSeconds: 12, seconds: 20 },
  quick: { sessions: 100, settleSeconds: 3, seconds: 5 },
  smoke: { sessions: 10, settleSeconds: 0.1, seconds: 0.5 },
};
/** Of ten agents, in order: most of what people run has a second witness, which polls. */
const HARNESSES = ["claude-code", "claude-code", "claude-code", "codex", "demo"] as const;
const STATES: readonly ActivityState[] = ["idle", "active", "idle", "idle", "active", "waiting_input"];
/** How often it is looked for children: a shell lives for about a millisecond, so their page faults are counted too. */
const LOOK_MS = 20;
const MB = 2 ** 20;

/** Counts what daemon and shim cost while nothing happens, beside two Node processes that do nothing. */
export const idle: Benchmark = async (scale) => {
  const { sessions, settleSeconds, seconds } = SCALES[scale];
  await using sleepers = await startSleepers(sessions);
  await using home = createBenchHome();
  await seedWitnessed(home, sleepers.identities);
  const first = await home.start();
  await sleep(settleSeconds * 1000);
  const firstMb = (await observe([first.daemonPid, first.shimPid], 0)).rssMb;
  await first.stop();
  const { daemonPid, shimPid } = await home.start();
  await using bare = await startBareNodes();
  // Compilation and the first garbage collections are the price of the start, not of a day: V8's memory reducer has its
  // turn 8 s after the last work.
  await sleep(settleSeconds * 1000);
  const [ours, theirs] = await Promise.all([
    observe([daemonPid, shimPid], seconds),
    observe(bare.pids, seconds),
  ]);
  const live = `${sessions} sessions: 60 % Claude Code, 20 % Codex, 20 % demo`;
  return {
    "idle-cpu": {
      value: ours.cpuPercent,
      floor: theirs.cpuPercent,
      note: `${live}; ${seconds} s; ${eachOf(ours, ({ cpuMs }) => `${(cpuMs / (10 * seconds)).toFixed(2)} %`)}`,
      details: { daemon: ours.each[0], shim: ours.each[1], floor: theirs.each },
    },
    "idle-memory": {
      value: ours.rssMb,
      floor: theirs.rssMb,
      note: `${eachOf(ours, ({ rssMb }) => `${Math.round(rssMb)} MB`)}; sum of VmRSS in MB of 2^20 bytes, what the two share counted twice; ${Math.round(firstMb)} MB in the first start of an AO_HOME, which has no compiled code yet`,
      details: { daemon: ours.each[0], shim: ours.each[1], floor: theirs.each },
    },
    "idle-processes": {
      value: ours.processes,
      floor: 0,
      note: "children alive, and page faults of children",
    },
  };
};

/** Sessions whose witnesses run, as after a restart of the shim. */
async function seedWitnessed(home: BenchHome, agents: readonly ProcessIdentity[]): Promise<void> {
  const configDir = join(home.paths.home, "claude-config");
  mkdirSync(join(configDir, "sessions"), { recursive: true });
  const plans: SessionPlan[] = agents.map((agent, index) => ({
    number: index + 1,
    harness: HARNESSES[index % HARNESSES.length] as string,
    agent,
    activity: STATES[index % STATES.length],
    witness: { configDir },
  }));
  const seeded = await seedSessions(home, plans);
  for (const [index, one] of seeded.entries()) writeWitness(home, one, plans[index] as SessionPlan);
}

/** Tells the witness of a launch the agent's process, and is its status file. */
function writeWitness(home: BenchHome, { session }: SeededSession, plan: SessionPlan): void {
  const { agent, activity, harness, witness } = plan;
  writeFileSync(join(launchDirOf(home.paths, session), WITNESS_NOTE), JSON.stringify(agent));
  if (harness !== "claude-code" || !agent) return;
  const status = {
    pid: agent.pid,
    procStart: String(agent.startTicks),
    sessionId: session.facts.nativeSessionIds[0],
    startedAt: session.facts.launchTime,
    status: activity === "active" ? "busy" : "idle",
    statusUpdatedAt: session.facts.activity.since,
  };
  writeFileSync(join(witness?.configDir ?? "", "sessions", `${agent.pid}.json`), JSON.stringify(status));
}

async function startBareNodes(): Promise<{ pids: number[] } & AsyncDisposable> {
  const children: ChildProcess[] = [0, 1].map(() =>
    spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }),
  );
  return {
    pids: children.map((child) => child.pid as number),
    async [Symbol.asyncDispose]() {
      for (const child of children) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}

type Observed = Awaited<ReturnType<typeof observe>>;

function eachOf({ each }: Observed, show: (cost: Observed["each"][number]) => string): string {
  return ["daemon", "shim"]
    .map((name, index) => `${name} ${show(each[index] as Observed["each"][number])}`)
    .join(", ");
}

/** What processes cost together over `seconds`. */
async function observe(pids: readonly number[], seconds: number) {
  const start = performance.now();
  const before = pids.map(readProcessCost);
  const known = new Set(before.flatMap((cost) => cost.children));
  const seen = new Set<number>();
  while (performance.now() - start < seconds * 1000) {
    for (const child of pids.flatMap(childrenOf)) if (!known.has(child)) seen.add(child);
    await sleep(LOOK_MS);
  }
  const elapsed = performance.now() - start;
  const after = pids.map(readProcessCost);
  const sum = (of: (cost: ProcessCost) => number) => after.reduce((total, cost) => total + of(cost), 0);
  const grown = (of: (cost: ProcessCost) => number) =>
    after.reduce((total, cost, index) => total + of(cost) - of(before[index] as ProcessCost), 0);
  return {
    cpuPercent: (100 * grown((cost) => cost.cpuTicks) * TICK_MS) / elapsed,
    each: after.map((cost, index) => ({
      cpuMs: (cost.cpuTicks - (before[index] as ProcessCost).cpuTicks) * TICK_MS,
      rssMb: cost.rssBytes / MB,
      pssMb: cost.pssBytes / MB,
    })),
    rssMb: sum((cost) => cost.rssBytes) / MB,
    processes: Math.max(seen.size, grown((cost) => cost.childFaults) > 0 ? 1 : 0),
  };
}
