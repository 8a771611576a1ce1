import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AoClient } from "../../../src/client/client.ts";
import type { SessionInfo } from "../../../src/wire/session-info.ts";
import { eventually } from "../../support/eventually.ts";
import type { Benchmark, Scale } from "../measurement.ts";
import { type Arrivals, watchArrivals } from "../rig/arrivals.ts";
import { type BenchHome, createBenchHome } from "../rig/bench-home.ts";
import { seedSessions } from "../rig/live-sessions.ts";
import { startSleepers } from "../rig/sleepers.ts";
import { summarize } from "../samples.ts";

const run = promisify(execFile);
const AGENTS: Record<Scale, number> = { full: 100, quick: 30, smoke: 2 };
/** Sessions that go on living. */
const OTHERS: Record<Scale, number> = { full: 100, quick: 100, smoke: 2 };
const PROJECT = "exits";
/** Agents alive together: enough to be real, few enough that their own work is not what is measured. */
const TOGETHER = 10;
const PATIENCE = { timeoutMs: 60_000 };

/** Kills real agents one after the other and times the exit on a watch, beside what the kernel tells a parent. */
export const exit: Benchmark = async (scale) => {
  await using sleepers = await startSleepers(OTHERS[scale]);
  await using home = createBenchHome();
  await seedSessions(
    home,
    sleepers.identities.map((agent, index) => ({ number: index + 1, harness: "demo", agent })),
  );
  const repository = await makeRepository(home);
  const { client } = await home.start();
  await client.projects.add({ path: repository, id: PROJECT, defaultHarness: "demo" });
  const seen = new Map<string, { session: SessionInfo; exitTime?: number }>();
  await using arrivals = await watchArrivals(client, (update, time) => {
    if (update.type !== "changed") return;
    const { session } = update;
    const exitTime = session.process.state === "exited" ? time : undefined;
    seen.set(session.id, { session, exitTime: seen.get(session.id)?.exitTime ?? exitTime });
  });
  const latencies: number[] = [];
  const floors: number[] = [];
  try {
    while (latencies.length < AGENTS[scale]) {
      const count = Math.min(TOGETHER, AGENTS[scale] - latencies.length);
      const pids = await startAgents(client, seen, count);
      for (const [sessionId, pid] of pids) {
        floors.push(await timeOwnChild());
        latencies.push(await timeKill(pid, () => seen.get(sessionId)?.exitTime, arrivals));
      }
    }
  } finally {
    await killRest(client, seen);
  }
  const [measured, floor] = [summarize(latencies), summarize(floors)];
  const note = `${measured.count} demo agents without a terminal, SIGKILL, ${OTHERS[scale]} other live sessions`;
  return { "exit-p99": { value: measured.p99, floor: floor.p99, note, details: { measured, floor } } };
};

async function makeRepository(home: BenchHome): Promise<string> {
  const path = join(home.paths.home, "exits");
  mkdirSync(path);
  const git = (...args: string[]) => run("git", ["-C", path, ...args], { env: home.env });
  await git("init", "-q", "-b", "main");
  await git(
    "-c",
    "user.name=bench",
    "-c",
    "user.email=bench@localhost",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "x",
  );
  return path;
}

/** Starts agents that work on for ten minutes; resolves with their pids when each one's turn runs. */
async function startAgents(
  client: AoClient,
  seen: ReadonlyMap<string, { session: SessionInfo }>,
  count: number,
): Promise<Map<string, number>> {
  const spawning = Array.from({ length: count }, () =>
    client.sessions.spawn({ projectId: PROJECT, harness: "demo", runtime: "process", prompt: "finish 600" }),
  );
  const pids = new Map<string, number>();
  for (const { id } of await Promise.all(spawning)) {
    const pid = await eventually(
      () => {
        const session = seen.get(id)?.session;
        return session?.activity.state === "active" ? session.process.pid : undefined;
      },
      { ...PATIENCE, what: `${id}'s turn` },
    );
    pids.set(id, pid);
  }
  return pids;
}

async function timeKill(
  pid: number,
  exitTime: () => number | undefined,
  { failed }: Arrivals,
): Promise<number> {
  const start = performance.now();
  process.kill(pid, "SIGKILL");
  const exited = eventually(exitTime, { ...PATIENCE, what: "the exit on the watch" });
  return (await Promise.race([exited, failed])) - start;
}

async function timeOwnChild(): Promise<number> {
  const child = spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] });
  await once(child, "spawn");
  const exited = once(child, "exit").then(() => performance.now());
  const start = performance.now();
  child.kill("SIGKILL");
  return (await exited) - start;
}

/** Ends what a failed run left alive. */
async function killRest(
  client: AoClient,
  seen: ReadonlyMap<string, { session: SessionInfo }>,
): Promise<void> {
  for (const { session } of seen.values())
    if (session.process.state !== "exited") await client.sessions.kill({ sessionId: session.id, graceMs: 0 });
}
