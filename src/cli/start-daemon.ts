import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Paths } from "../util/paths.ts";
import { DaemonStartError } from "./failure.ts";

const DEADLINE_MS = 10_000;
const POLL_MS = 15;
/** Pause before a daemon is started again because another one, which is stopping, still held the lock. */
const RETRY_MS = 300;
const MAX_REPORT_BYTES = 64 * 1024;
/** Young garbage is collected sooner: 25 of 155 MB less resident with 100 sessions (`npm run bench`). */
const SMALL_HEAP = ["--max-semi-space-size=2"];

/** What starting the daemon needs. */
export interface StartOptions {
  paths: Paths;
  env: Readonly<Record<string, string | undefined>>;
  /** Program of the daemon. */
  daemonMain: string;
  /** Whether a daemon answers. */
  isReady: () => Promise<boolean>;
  /** Called with the pid of each daemon that was started. */
  onLaunch?: (pid: number) => void;
}

/**
 * Starts the daemon, detached, and returns when it answers; at most 10 s.
 *
 * Two that start at once meet at the daemon's lock: the loser waits for the winner. Throws DaemonStartError with what
 * the daemon said on stderr.
 */
export async function startDaemon(options: StartOptions): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  const report = createReport();
  try {
    let daemon = launch(options, report.fd);
    while (performance.now() < deadline) {
      if (await options.isReady()) return;
      if (hasEnded(daemon)) {
        if (report.read().reason !== "ALREADY_RUNNING") break;
        await sleep(RETRY_MS);
        if (!(await options.isReady())) daemon = launch(options, report.fd);
      }
      await sleep(POLL_MS);
    }
    throw new DaemonStartError(explain(report.read(), { daemon, log: options.paths.daemonLogPath }));
  } finally {
    report.close();
  }
}

function launch({ daemonMain, env, onLaunch }: StartOptions, stderr: number): ChildProcess {
  const flags = [...SMALL_HEAP, ...nodeFlags(process.versions.node)];
  const daemon = spawn(process.execPath, [...flags, daemonMain], {
    cwd: "/",
    detached: true,
    env: { ...env },
    stdio: ["ignore", "ignore", stderr],
  });
  daemon.once("error", () => daemon.unref());
  daemon.unref();
  if (daemon.pid !== undefined) onLaunch?.(daemon.pid);
  return daemon;
}

/** Flags a Node needs to run TypeScript sources: 22 warns about it, 22.17 does it only when asked. */
function nodeFlags(version: string): string[] {
  return version.startsWith("22.")
    ? ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"]
    : [];
}

function hasEnded(daemon: ChildProcess): boolean {
  return daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined;
}

/** What a daemon said of its end. */
interface Told {
  reason: string;
  message: string;
  hint: string;
  /** All it wrote. */
  text: string;
}

/** A file for the daemon's stderr that has no name any more: the daemon may keep it, nothing is left behind. */
function createReport(): { fd: number; read(): Told; close(): void } {
  const path = join(tmpdir(), `ao-start-${randomBytes(8).toString("hex")}`);
  const fd = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  return {
    fd,
    read() {
      const buffer = Buffer.alloc(MAX_REPORT_BYTES);
      const length = readSync(fd, buffer, 0, buffer.length, 0);
      return parseReport(buffer.toString("utf8", 0, length));
    },
    close: () => closeSync(fd),
  };
}

/** Reads the daemon's one line of JSON, `{"error":{"reason","message","hint"}}`, among whatever else it wrote. */
export function parseReport(text: string): Told {
  for (const line of text.split("\n").reverse()) {
    if (!line.startsWith('{"error"')) continue;
    try {
      const { reason, message, hint } = JSON.parse(line).error;
      return { reason: String(reason), message: String(message), hint: String(hint ?? ""), text };
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    }
  }
  return { reason: "", message: "", hint: "", text };
}

function explain(told: Told, run: { daemon: ChildProcess; log: string }) {
  if (told.reason) return told;
  const { exitCode, signalCode } = run.daemon;
  const last = told.text.trim().split("\n").at(-1) ?? "";
  const ended = signalCode ?? (exitCode === null ? "" : `exit code ${exitCode}`);
  const problem = ended
    ? `it ended (${ended})${last ? `: ${last}` : ""}`
    : `no answer within ${DEADLINE_MS / 1000} s`;
  return {
    reason: "DAEMON_START_FAILED",
    message: `the daemon did not start: ${problem}`,
    hint: `Its log may say more: ${run.log}`,
  };
}
