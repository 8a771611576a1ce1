import { appendFileSync, existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";

export const AGENT = join(import.meta.dirname, "../agent.sh");

/** What an agent is to do; see `agent.sh`. */
export interface AgentPlan {
  hooks: number;
  burst: number;
  pauseSeconds: number;
  /** Before every so manieth hook another one is killed; 0 for never. */
  killEvery: number;
  end: "stay" | number;
}

/** A session whose agent does as it was planned. */
export interface ChaosAgent {
  sessionId: string;
  launchId: string;
  plan: AgentPlan;
  ledger: string;
}

/** What an agent says of its hooks. */
export interface Ledger {
  /** Numbers of the hooks that ended with 0, in order. */
  fired: number[];
  failures: string[];
  stderrBytes: number;
  done: boolean;
}

/**
 * Spawns a session for each plan, `together` at a time; with one at a time ids are the same in every run. None fires
 * before `openGate`.
 */
export async function startAgents(
  daemon: RealDaemon,
  plans: readonly AgentPlan[],
  together = 1,
): Promise<{ agents: ChaosAgent[]; openGate: () => void }> {
  const dir = mkdtempSync(join(daemon.paths.home, "chaos-"));
  const gate = join(dir, "gate");
  const agents: ChaosAgent[] = [];
  const start = async (plan: AgentPlan, index: number) => {
    const ledger = join(dir, `ledger-${index}`);
    const session = await daemon.client.sessions.spawn({
      projectId: "shop",
      harness: "demo",
      prompt: `chaos ${index}`,
      environment: agentEnvironment({ daemon, gate, ledger, plan }),
    });
    agents[index] = { sessionId: session.id, launchId: session.launchId, plan, ledger };
  };
  for (let at = 0; at < plans.length; at += together)
    await Promise.all(plans.slice(at, at + together).map((plan, offset) => start(plan, at + offset)));
  return { agents, openGate: () => appendFileSync(gate, "") };
}

function agentEnvironment(of: { daemon: RealDaemon; gate: string; ledger: string; plan: AgentPlan }) {
  const { daemon, gate, ledger, plan } = of;
  const { AO_FAIL_POINTS: _, ...environment } = daemon.env;
  return {
    ...environment,
    AO_DEMO_BIN: AGENT,
    CHAOS_GATE: gate,
    CHAOS_LEDGER: ledger,
    CHAOS_HOOKS: String(plan.hooks),
    CHAOS_BURST: String(plan.burst),
    CHAOS_PAUSE: String(plan.pauseSeconds),
    CHAOS_KILL: String(plan.killEvery),
    CHAOS_END: String(plan.end),
  };
}

export function readLedger({ ledger }: ChaosAgent): Ledger {
  const lines = existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n").filter(Boolean) : [];
  const stderr = statSync(`${ledger}.stderr`, { throwIfNoEntry: false });
  return {
    fired: lines.filter((line) => /^\d+$/.test(line)).map(Number),
    failures: lines.filter((line) => line.startsWith("failed")),
    stderrBytes: stderr?.size ?? 0,
    done: lines.at(-1) === "done",
  };
}

/** Waits until every agent has fired its last hook. */
export async function allFired(agents: readonly ChaosAgent[], timeoutMs: number): Promise<void> {
  const waiting = new Set(agents);
  await eventually(
    () => {
      for (const agent of waiting) if (readLedger(agent).done) waiting.delete(agent);
      return waiting.size === 0;
    },
    { timeoutMs, everyMs: 100, what: "every hook fired" },
  );
}
