import { createRandom } from "../../src/util/fail-point.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { type AgentPlan, allFired, type ChaosAgent, startAgents } from "./rig/agents.ts";
import { type Audit, auditSignals, finalState } from "./rig/audit.ts";
import { type Deaths, startBreaker } from "./rig/breaker.ts";
import { watchRevisions } from "./rig/revisions.ts";

export interface ExactlyOnceOptions {
  seed: number;
  sessions: number;
  /** Hooks of all sessions together. */
  hooks: number;
  /** How long the agents take to fire them, about. */
  seconds: number;
  /** Longest time between two random kills of a process. */
  calmMs: number;
  /** Fails when firing and draining take longer. */
  deadlineMs: number;
}

export interface ExactlyOnceResult extends Audit {
  seed: number;
  sessions: number;
  seconds: number;
  deaths: Deaths;
  everyFailPoint: boolean;
  revisions: { seen: number; head: number; wrong: string[]; disconnects: number };
  /** Sessions whose end differs from the undisturbed run's, with both. */
  differing: string[];
  undisturbed: { seconds: number; lost: number; duplicate: number; misplaced: number };
}

interface Run {
  audit: Audit;
  states: string[];
  deaths?: Deaths;
  everyFailPoint: boolean;
  revisions: ExactlyOnceResult["revisions"];
  seconds: number;
}

/** Fires the same hooks twice, once in peace and once while daemon and shim die all the time, and compares. */
export async function runExactlyOnce(options: ExactlyOnceOptions): Promise<ExactlyOnceResult> {
  const peace = await run({ ...options, seconds: 0, disturbed: false });
  const chaos = await run({ ...options, disturbed: true });
  if (!chaos.deaths) throw new Error("nothing was killed");
  return {
    ...chaos.audit,
    seed: options.seed,
    sessions: options.sessions,
    seconds: chaos.seconds,
    deaths: chaos.deaths,
    everyFailPoint: chaos.everyFailPoint,
    revisions: chaos.revisions,
    differing: chaos.states.flatMap((state, index) =>
      state === peace.states[index] ? [] : [`${index + 1}: ${state} instead of ${peace.states[index]}`],
    ),
    undisturbed: {
      seconds: peace.seconds,
      lost: peace.audit.lost,
      duplicate: peace.audit.duplicate,
      misplaced: peace.audit.misplaced,
    },
  };
}

async function run(options: ExactlyOnceOptions & { disturbed: boolean }): Promise<Run> {
  const daemon = await createRealDaemon();
  try {
    const { agents, openGate } = await startAgents(daemon, planAgents(options));
    const started = performance.now();
    const revisions = watchRevisions(daemon);
    const breaker = options.disturbed
      ? startBreaker({ daemon, random: createRandom(options.seed), calmMs: options.calmMs })
      : undefined;
    openGate();
    await allFired(agents, options.deadlineMs).finally(() => breaker?.stop());
    await drained(daemon, options.deadlineMs);
    const states = await statesOf(daemon, agents);
    const { revision: head } = await daemon.client.sessions.list();
    await revisions.finish(head);
    return {
      audit: await auditSignals(daemon.client, agents),
      states,
      deaths: breaker?.deaths,
      everyFailPoint: breaker?.complete() ?? false,
      revisions: { seen: revisions.seen, head, wrong: revisions.wrong, disconnects: revisions.disconnects },
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await daemon.close();
  }
}

/** Sessions end at each of the ten places of a turn. */
function planAgents({ sessions, hooks, seconds }: ExactlyOnceOptions): AgentPlan[] {
  const burst = 10;
  const each = Math.floor(hooks / sessions);
  const offset = (index: number) => (index % 10) - 5;
  const missing = Array.from({ length: sessions - 1 }, (_, index) => offset(index)).reduce(
    (a, b) => a + b,
    0,
  );
  return Array.from({ length: sessions }, (_, index) => ({
    hooks: index === sessions - 1 ? hooks - (sessions - 1) * each - missing : each + offset(index),
    burst,
    pauseSeconds: Number((seconds / (each / burst)).toFixed(2)),
    killEvery: 50,
    end: "stay",
  }));
}

/** Everything in the spool was delivered, acknowledged and deleted. */
async function drained(daemon: RealDaemon, timeoutMs: number): Promise<void> {
  await eventually(
    async () => {
      const { spoolFiles, shimConnected } = await daemon.client.daemon.get();
      if (shimConnected && spoolFiles === 0) return true;
      throw new Error(`${spoolFiles} files wait, shim ${shimConnected ? "connected" : "not connected"}`);
    },
    { timeoutMs, everyMs: 100, what: "the spool empty" },
  );
}

async function statesOf(daemon: RealDaemon, agents: readonly ChaosAgent[]): Promise<string[]> {
  return Promise.all(
    agents.map(async ({ sessionId }) => finalState(await daemon.client.sessions.get(sessionId))),
  );
}
