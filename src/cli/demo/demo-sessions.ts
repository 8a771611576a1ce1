import type { Status } from "../../core/session.ts";
import type { AoClient, SessionInfo } from "../client-types.ts";

/** One agent of the demo: what it is told and the status it comes to. */
interface DemoSession {
  name: string;
  prompt: string;
  reaches: Status;
}

/** The first word chooses what the demo agent does (src/harness/assets/demo-agent.sh). */
const SESSIONS: readonly DemoSession[] = [
  { name: "search", prompt: "work: build the search page", reaches: "working" },
  { name: "checkout", prompt: "ask: fix the checkout and run its tests", reaches: "needs_input" },
  { name: "changelog", prompt: "finish: write the changelog", reaches: "idle" },
];
const REACH_MS = 20_000;

/** Registers the demo's repository and starts its agents. */
export async function spawnDemoSessions(
  client: AoClient,
  options: { repository: string; env: Record<string, string>; signal: AbortSignal },
): Promise<SessionInfo[]> {
  const { repository, env, signal } = options;
  const project = await client.projects.add({ path: repository, id: "shop" }, signal);
  const spawned: SessionInfo[] = [];
  for (const { name, prompt } of SESSIONS) {
    const fields = { projectId: project.id, harness: "demo", name, prompt, environment: env };
    spawned.push(await client.sessions.spawn(fields, signal));
  }
  return spawned;
}

/** Waits until each agent has come to its status and returns the sessions then; throws WAIT_TIMED_OUT. */
export function reachDemoStates(
  client: AoClient,
  spawned: readonly SessionInfo[],
  signal: AbortSignal,
): Promise<SessionInfo[]> {
  const waits = spawned.map(({ id }, index) => {
    const statuses = SESSIONS[index]?.reaches ? [SESSIONS[index].reaches] : [];
    return client.sessions.wait({ sessionId: id, statuses, timeoutMs: REACH_MS }, signal);
  });
  return Promise.all(waits);
}
