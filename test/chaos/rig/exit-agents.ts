import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { RuntimeKind } from "../../../src/core/session.ts";
import type { SessionInfo } from "../../../src/wire/session-info.ts";
import { eventually } from "../../support/eventually.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";

const AGENT = join(import.meta.dirname, "../exit-agent.sh");
/** Spawned or restored at once. */
const TOGETHER = 6;

/** A launch that waits to be ended. */
export interface ExitAgent {
  sessionId: string;
  launchId: string;
  launchDir: string;
  pipe: string;
  /** The agent's own. */
  pid: number;
  /** The terminal server's; 0 without a terminal. */
  terminalPid: number;
}

/** Sessions that are started again after each end: a worktree each, so that launches are cheap. */
export interface ExitAgents {
  /** Starts `count` launches and waits until each is known to run. */
  start(count: number): Promise<ExitAgent[]>;
}

export function createExitAgents(daemon: RealDaemon, runtime: RuntimeKind): ExitAgents {
  const dir = mkdtempSync(join(daemon.paths.home, "exits-"));
  const sessionIds: string[] = [];
  const environment = (pipe: string) => {
    const { AO_FAIL_POINTS: _, ...env } = daemon.env;
    return { ...env, AO_DEMO_BIN: AGENT, CHAOS_PIPE: pipe };
  };
  const pipeOf = (index: number) => join(dir, `pipe-${index}`);
  const launch = async (index: number): Promise<string> => {
    const { sessions } = daemon.client;
    const sessionId = sessionIds[index];
    const common = { prompt: "wait", environment: environment(pipeOf(index)) };
    if (sessionId) {
      const { session } = await sessions.restore({ sessionId, fresh: true, ...common });
      return session.launchId;
    }
    execFileSync("mkfifo", [pipeOf(index)]);
    const session = await sessions.spawn({ projectId: "shop", harness: "demo", runtime, ...common });
    sessionIds[index] = session.id;
    return session.launchId;
  };
  return {
    async start(count) {
      const launchIds: string[] = [];
      for (let at = 0; at < count; at += TOGETHER) {
        const indexes = Array.from({ length: Math.min(TOGETHER, count - at) }, (_, offset) => at + offset);
        launchIds.push(...(await Promise.all(indexes.map(launch))));
      }
      const running = await listWhen(
        daemon,
        launchIds,
        ({ process }) => process.state === "running" && !!process.pid,
      );
      return launchIds.map((launchId, index) => {
        const session = running.get(launchId) as SessionInfo;
        const launchDir = join(daemon.paths.sessionsDir, session.id, launchId);
        const terminalPid = runtime === "tmux" ? serverOf(session) : 0;
        const pid = session.process.pid as number;
        return { sessionId: session.id, launchId, launchDir, pipe: pipeOf(index), pid, terminalPid };
      });
    },
  };
}

/** Waits until every launch is as wanted; by launch id. */
export async function listWhen(
  daemon: RealDaemon,
  launchIds: readonly string[],
  isWanted: (session: SessionInfo) => boolean,
  timeoutMs = 120_000,
): Promise<Map<string, SessionInfo>> {
  return eventually(
    async () => {
      const { sessions } = await daemon.client.sessions.list({ pageSize: 500 });
      const byLaunch = new Map(sessions.map((session) => [session.launchId, session]));
      const missing = launchIds.filter((id) => {
        const session = byLaunch.get(id);
        return !session || !isWanted(session);
      });
      if (missing.length === 0) return byLaunch;
      const [first] = missing.map((id) => byLaunch.get(id));
      throw new Error(
        `${missing.length} are not, such as ${first?.id}: ${first?.status}, ${first?.statusReason}`,
      );
    },
    { timeoutMs, everyMs: 100, what: `${launchIds.length} launches as wanted` },
  );
}

/** Pid of the tmux server that a session's terminal belongs to. */
function serverOf({ attachCommand }: SessionInfo): number {
  const socket = attachCommand[attachCommand.indexOf("-S") + 1] ?? "";
  const args = ["-S", socket, "display-message", "-p", "#{pid}"];
  return Number(execFileSync("tmux", args, { encoding: "utf8" }));
}
