import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../src/util/fail-point.ts";
import type { ExitInfo, SessionInfo } from "../../src/wire/session-info.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { allFired, type ChaosAgent, startAgents } from "./rig/agents.ts";
import { readLog } from "./rig/audit.ts";
import { type Deaths, startBreaker } from "./rig/breaker.ts";

/** Ways an agent ends, with what must be recorded of each. */
const ENDS = [
  { name: "code 0", code: 0, exit: { code: 0, signal: "", cause: "exited" } },
  { name: "code 3", code: 3, exit: { code: 3, signal: "", cause: "exited" } },
  { name: "SIGKILL", kill: "SIGKILL", exit: { code: undefined, signal: "SIGKILL", cause: "signaled" } },
  { name: "SIGTERM", kill: "SIGTERM", exit: { code: undefined, signal: "SIGTERM", cause: "signaled" } },
] as const;
type End = (typeof ENDS)[number];

export interface ExitsOptions {
  seed: number;
  /** Exits of each kind. */
  each: number;
  /** Agents alive together. */
  together: number;
  deadlineMs: number;
}

export interface ExitsResult {
  right: Record<string, number>;
  /** Up to 20 descriptions. */
  wrong: string[];
  deaths: Deaths;
  seconds: number;
}

/** Ends agents in every way while daemon and shim die all the time, and reads what was recorded of each. */
export async function runExits(options: ExitsOptions): Promise<ExitsResult> {
  const random = createRandom(options.seed);
  const ends = shuffle(
    ENDS.flatMap((end) => Array.from({ length: options.each }, () => end)),
    random,
  );
  const right = Object.fromEntries(ENDS.map(({ name }) => [name, 0]));
  const wrong: string[] = [];
  const started = performance.now();
  const daemon = await createRealDaemon();
  try {
    const deaths: Deaths[] = [];
    for (let at = 0; at < ends.length; at += options.together) {
      const wave = ends.slice(at, at + options.together);
      deaths.push(await endWave({ ...options, daemon, random, wave, right, wrong }));
    }
    return { right, wrong, deaths: sum(deaths), seconds: (performance.now() - started) / 1000 };
  } finally {
    await daemon.close();
  }
}

/** Starts agents in peace, ends them in chaos, compares in peace, removes their sessions. */
async function endWave(
  options: ExitsOptions & {
    daemon: RealDaemon;
    random: () => number;
    wave: readonly End[];
    right: Record<string, number>;
    wrong: string[];
  },
): Promise<Deaths> {
  const { daemon, random, wave, right, wrong, deadlineMs } = options;
  const plan = { hooks: 1, burst: 1, pauseSeconds: 0, killEvery: 0 };
  const { agents, openGate } = await startAgents(
    daemon,
    wave.map((end) => ({ ...plan, end: "code" in end ? end.code : 0 })),
    4,
  );
  openGate();
  await allFired(agents, deadlineMs);
  const pids = await pidsOf(daemon, agents);
  const breaker = startBreaker({ daemon, random, calmMs: 800 });
  try {
    for (const [index, agent] of agents.entries()) {
      await sleep(random() * 250);
      endAgent(agent, { end: wave[index] as End, pid: pids[index] as number });
    }
  } finally {
    await breaker.stop();
  }
  const judge = async (agent: ChaosAgent, index: number) => {
    const end = wave[index] as End;
    const problem = await problemOf(daemon, { agent, end, deadlineMs });
    if (problem === undefined) right[end.name] = (right[end.name] ?? 0) + 1;
    else if (wrong.length < 20) wrong.push(`${agent.sessionId}, ${end.name}: ${problem}`);
    await daemon.client.sessions.remove(agent.sessionId);
  };
  await Promise.all(agents.map(judge));
  return breaker.deaths;
}

function endAgent(agent: ChaosAgent, { end, pid }: { end: End; pid: number }): void {
  if ("kill" in end) process.kill(pid, end.kill);
  else writeFileSync(`${agent.ledger}.go`, "now\n");
}

async function pidsOf(daemon: RealDaemon, agents: readonly ChaosAgent[]): Promise<number[]> {
  return Promise.all(
    agents.map(({ sessionId }) =>
      eventually(async () => (await daemon.client.sessions.get(sessionId)).process.pid, {
        timeoutMs: 30_000,
        what: `${sessionId}'s pid`,
      }),
    ),
  );
}

/** Undefined when the exit is recorded as it was, once. */
async function problemOf(
  daemon: RealDaemon,
  { agent, end, deadlineMs }: { agent: ChaosAgent; end: End; deadlineMs: number },
): Promise<string | undefined> {
  let session: SessionInfo | undefined;
  const exit = await eventually(
    async () => {
      session = await daemon.client.sessions.get(agent.sessionId);
      return session.process.exit;
    },
    { timeoutMs: deadlineMs, everyMs: 50, what: `${agent.sessionId}'s exit (${end.name})` },
  );
  const rows = await readLog(daemon.client, agent);
  const count = rows.filter(({ signal }) => signal.event === "ao-process-exited").length;
  if (count !== 1) return `${count} exits in the log`;
  const expected = end.exit.signal === "" && end.exit.code === 0 ? "exited" : "failed";
  if (session?.status !== expected) return `status ${session?.status}`;
  return same(exit, end) ? undefined : JSON.stringify(exit);
}

function same(exit: ExitInfo, { exit: expected }: End): boolean {
  return exit.code === expected.code && exit.signal === expected.signal && exit.cause === expected.cause;
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function sum(all: readonly Deaths[]): Deaths {
  const total = structuredClone(all[0] as Deaths);
  for (const deaths of all.slice(1)) {
    total.daemon += deaths.daemon;
    total.shim += deaths.shim;
    for (const [name, count] of Object.entries(deaths.atPoint))
      total.atPoint[name as keyof Deaths["atPoint"]] += count;
  }
  return total;
}
