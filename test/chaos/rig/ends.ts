import { writeFile } from "node:fs/promises";
import type { ExitCause, Status } from "../../../src/core/session.ts";
import { readLauncher } from "../../../src/runtime/launcher.ts";
import type { SessionInfo } from "../../../src/wire/session-info.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";
import type { ExitAgent } from "./exit-agents.ts";

/** One way a launch ends, and what must be recorded of it. */
export interface End {
  name: string;
  status: Status;
  code?: number;
  /** Any one of these; none when empty. */
  signals: readonly string[];
  cause?: ExitCause;
  /** Exits of it in the log. */
  records: number;
  /** It is asked of the daemon, which must be there. */
  asked?: boolean;
  /** Only where the agent has a terminal. */
  terminal?: boolean;
  bring(agent: ExitAgent, daemon: RealDaemon): Promise<void>;
}

const KILL_MS = 90_000;

const exits = (code: number): End => ({
  name: `code ${code}`,
  status: code === 0 ? "exited" : "failed",
  code,
  signals: [],
  cause: "exited",
  records: 1,
  bring: (agent) => writeFile(agent.pipe, `${code}\n`),
});

const signaled = (signal: NodeJS.Signals): End => ({
  name: signal,
  status: "failed",
  signals: [signal],
  cause: "signaled",
  records: 1,
  async bring(agent) {
    process.kill(agent.pid, signal);
  },
});

/** All ways, in the order of the report. */
export const ENDS: readonly End[] = [
  exits(0),
  exits(3),
  signaled("SIGKILL"),
  signaled("SIGTERM"),
  signaled("SIGSEGV"),
  {
    name: "killed on request",
    status: "terminated",
    signals: ["SIGTERM", "SIGKILL"],
    cause: "killed",
    records: 1,
    asked: true,
    bring: killOnRequest,
  },
  {
    // The agent ends a little later, by itself, and nobody is left who could tell how.
    name: "launcher killed",
    status: "lost",
    signals: [],
    records: 0,
    async bring(agent) {
      const launcher = await readLauncher(agent.launchDir);
      if (!launcher) throw new Error(`${agent.sessionId} has no launcher`);
      process.kill(launcher.pid, "SIGKILL");
      await writeFile(agent.pipe, "0\n");
    },
  },
  {
    name: "terminal gone",
    status: "failed",
    signals: ["SIGHUP"],
    cause: "terminal_gone",
    records: 1,
    terminal: true,
    async bring(agent) {
      process.kill(agent.terminalPid, "SIGKILL");
    },
  },
];

/** As a client does whose daemon dies: again, until one has answered. */
async function killOnRequest({ sessionId }: ExitAgent, daemon: RealDaemon): Promise<void> {
  const until = performance.now() + KILL_MS;
  for (;;) {
    try {
      await daemon.client.sessions.kill({ sessionId, graceMs: 5000 });
      return;
    } catch (error) {
      const { reason } = error as { reason?: string };
      const isAway = reason === "DAEMON_UNREACHABLE" || reason === "DAEMON_STOPPING";
      if (!isAway || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Undefined when the end is recorded as it was. */
export function misjudged({ status, process: { exit } }: SessionInfo, end: End): string | undefined {
  const signal = exit?.signal ?? "";
  const isRight =
    status === end.status &&
    exit?.cause === end.cause &&
    exit?.code === end.code &&
    (end.signals.length === 0 ? signal === "" : end.signals.includes(signal));
  return isRight ? undefined : `${status}, ${JSON.stringify(exit)}`;
}
