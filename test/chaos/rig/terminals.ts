import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AoError } from "../../../src/core/errors.ts";
import { createKeyedMutex } from "../../../src/util/keyed-mutex.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";

const TERMINAL = join(import.meta.dirname, "../terminal/agent.mjs");
const AGENT = join(import.meta.dirname, "../terminal/agent.sh");
const PATIENCE_MS = 60_000;

/** What a terminal program has written down. */
export interface LedgerEntry {
  pid: number;
  event: string;
  text?: string;
  bytes?: string;
}

/** Sessions whose agents are terminal programs that misbehave; started again when they die. */
export interface Terminals {
  ids: string[];
  /** Makes sure that the agent runs and listens. */
  revive(id: string): Promise<void>;
  /** Puts a terminal into tmux's copy mode, as a scroll of the wheel does. */
  scroll(id: string): Promise<void>;
  ledger(id: string): LedgerEntry[];
  /** What was typed into shells that dead agents have left behind. */
  typedIntoShells: string[];
}

/** Starts `count` sessions; `calm` 1 makes their agents behave. */
export async function startTerminals(
  daemon: RealDaemon,
  options: { count: number; seed: number; calm: number },
): Promise<Terminals> {
  const dir = mkdtempSync(join(daemon.paths.home, "terminals-"));
  const locks = createKeyedMutex();
  const typedIntoShells: string[] = [];
  const ledgers = new Map<string, string>();
  const ids: string[] = [];
  const sessions = () => daemon.client.sessions;
  for (let n = 0; n < options.count; n += 1) {
    const ledger = join(dir, `ledger-${n}`);
    const environment = environmentOf(daemon, { ...options, seed: options.seed + n, ledger });
    const { id } = await sessions().spawn({ projectId: "shop", harness: "demo", environment });
    ids.push(id);
    ledgers.set(id, ledger);
  }
  const environmentFor = (id: string) => environmentOf(daemon, { ...options, ledger: ledgers.get(id) ?? "" });

  async function revive(id: string): Promise<void> {
    const { status } = await sessions().get(id);
    if (status !== "exited" && status !== "failed" && status !== "terminated" && status !== "lost") {
      const screen = await sessions().terminal({ sessionId: id });
      const shell = screen.indexOf("shell$");
      if (shell === -1) return;
      if (screen.includes("msg-", shell)) typedIntoShells.push(`${id}: ${screen.slice(shell).trim()}`);
      const typed = `${ledgers.get(id)}.shell`;
      if (existsSync(typed)) typedIntoShells.push(readFileSync(typed, "utf8"));
      await sessions().kill({ sessionId: id, graceMs: 100 });
    }
    await sessions().restore({ sessionId: id, environment: environmentFor(id) });
  }

  return {
    ids,
    typedIntoShells,
    revive: (id) =>
      locks.run(id, async () => {
        // An agent that has just died: its end is known soon.
        await patiently(() => revive(id), ["TERMINAL_GONE"]);
        const statuses = ["idle", "needs_input", "exited", "failed"] as const;
        await patiently(() => sessions().wait({ sessionId: id, statuses, timeoutMs: PATIENCE_MS }));
      }),
    async scroll(id) {
      const { attachCommand } = await patiently(() => sessions().get(id));
      const socket = attachCommand[attachCommand.indexOf("-S") + 1];
      if (!socket) return;
      try {
        execFileSync("tmux", ["-S", socket, "copy-mode", "-t", "%0"], { stdio: "pipe" });
      } catch (error) {
        // The agent may die at any moment, its terminal with it.
        if (!/no server|can't find|no current|lost server/.test(String(error))) throw error;
      }
    },
    ledger: (id) => readLedger(ledgers.get(id) ?? ""),
  };
}

function environmentOf(
  daemon: RealDaemon,
  { seed, calm, ledger }: { seed: number; calm: number; ledger: string },
) {
  const { AO_FAIL_POINTS: _, ...environment } = daemon.env;
  return {
    ...environment,
    AO_DEMO_BIN: AGENT,
    CHAOS_NODE: process.execPath,
    CHAOS_TERMINAL: TERMINAL,
    CHAOS_LEDGER: ledger,
    CHAOS_SEED: String(seed),
    CHAOS_CALM: String(calm),
  };
}

function readLedger(path: string): LedgerEntry[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LedgerEntry);
}

const PASSING: ReadonlySet<string> = new Set([
  "DAEMON_UNREACHABLE",
  "DAEMON_STOPPING",
  "CALL_TIMED_OUT",
  "SESSION_RUNNING",
]);

/** Calls again while the daemon is away, or something else that is named passes. */
export async function patiently<T>(call: () => Promise<T>, also: readonly string[] = []): Promise<T> {
  const end = performance.now() + 120_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const passes = error instanceof AoError && (PASSING.has(error.reason) || also.includes(error.reason));
      if (!passes || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
