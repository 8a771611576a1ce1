import { spawn } from "node:child_process";
import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";
import { type ChaosAgent, startAgents } from "./agents.ts";
import { readLog } from "./audit.ts";

const HOOK = join(import.meta.dirname, "../../../bin/ao-hook");

/** How a hook ended, as its agent sees it. */
export interface HookEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A session whose agent says nothing by itself, so that the test says it. */
export async function startQuietAgent(daemon: RealDaemon): Promise<ChaosAgent> {
  const plan = { hooks: 0, burst: 1, pauseSeconds: 0, killEvery: 0, end: "stay" } as const;
  const { agents, openGate } = await startAgents(daemon, [plan]);
  openGate();
  return agents[0] as ChaosAgent;
}

/** Fires a hook of `agent` the way an agent does and waits for its end. `wrapper` runs it, such as a shell with limits. */
export function fireHook(
  daemon: RealDaemon,
  { launchId }: ChaosAgent,
  hook: { event: string; payload: string | Buffer; wrapper?: readonly string[] },
): Promise<HookEnd> {
  const [file, ...args] = [...(hook.wrapper ?? []), HOOK, "demo", hook.event] as readonly string[] as [
    string,
    ...string[],
  ];
  const env = { PATH: process.env.PATH, AO_SPOOL: daemon.paths.spoolDir, AO_LAUNCH_ID: launchId };
  const child = spawn(file, args, { env });
  const end: HookEnd = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (end.stdout += data));
  child.stderr.on("data", (data) => (end.stderr += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // A hook that breaks its agent's write shows here as EPIPE.
    child.stdin.on("error", reject);
    child.on("close", (code) => resolve({ ...end, code }));
    child.stdin.end(hook.payload);
  });
}

/** What an agent must see of every hook, whatever happens around it. */
export const UNTROUBLED: HookEnd = { code: 0, stdout: "", stderr: "" };

/** Waits until the log of the agent's launch has these events, in this order, beside those of its process. */
export async function eventsLogged(
  daemon: RealDaemon,
  agent: ChaosAgent,
  events: readonly string[],
  timeoutMs = 20_000,
): Promise<void> {
  await eventually(
    async () => {
      const logged = await loggedEvents(daemon, agent);
      if (logged.join() === events.join()) return true;
      throw new Error(
        `logged ${logged.slice(0, 20)} (${logged.length}) instead of ${events.slice(0, 20)} (${events.length})`,
      );
    },
    { timeoutMs, everyMs: 100, what: `${events.length} events in the log` },
  );
}

export async function loggedEvents(daemon: RealDaemon, agent: ChaosAgent): Promise<string[]> {
  const rows = await readLog(daemon.client, agent);
  return rows.filter(({ signal }) => signal.kind === "hook").map(({ signal }) => signal.event);
}
