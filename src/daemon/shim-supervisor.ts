import { type ChildProcess, spawn } from "node:child_process";
import type { Log } from "../util/log.ts";
import { sendSignal } from "../util/send-signal.ts";

/** Keeps one shim running: starts it when no stream is open and none of its own is alive (the shim's lock decides ties). */
export interface ShimSupervisor {
  /** Number of open shim streams, told by the server. */
  onStreams(open: number): void;
  connected(): boolean;
  start(): void;
  /** Ends the shim this daemon knows; its spool waits for the next one. */
  stop(): Promise<void>;
}

const CHECK_MS = 1000;
/** A dead process's stream is closed a moment before its pid is gone. */
const HURRY_MS = 30;
/** A shim that runs reconnects within this, also one of an earlier daemon; only then is it missed. */
const ADOPT_MS = 1500;
/** A stream that stood this long shows that the shim works. */
const STEADY_MS = 1000;
/** So many starts in a row are tried at once; then ever more slowly, at most every 30 s. */
const QUICK_STARTS = 3;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * A shim's end is seen at once: of one this daemon started as its parent, of one an earlier daemon started by its stream,
 * which the kernel closes.
 */
export function createShimSupervisor(deps: {
  command: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  /** Pid of the shim that holds the lock, also one an earlier daemon started. Costs two small files, no process. */
  runningPid: () => Promise<number | undefined>;
}): ShimSupervisor {
  let open = 0;
  let openSince = 0;
  let missedSince = performance.now();
  let launchedAt = Number.NEGATIVE_INFINITY;
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let started = false;
  let checking = false;
  /** Something happened: the check under way may have looked too early. */
  let stale = false;

  const checkIn = (ms: number) => {
    clearTimeout(timer);
    if (!started) return;
    timer = setTimeout(() => void check(), ms);
    timer.unref();
  };
  const checkNow = () => {
    stale = true;
    if (!checking) checkIn(0);
  };
  const launch = () => {
    failures += 1;
    launchedAt = performance.now();
    const [file, ...args] = deps.command as [string, ...string[]];
    const begun = spawn(file, args, { detached: true, stdio: "ignore", env: deps.env });
    child = begun;
    begun.on("error", (error) => {
      deps.log.error({ err: error }, "the shim could not be started");
      if (child === begun) child = undefined;
    });
    begun.on("exit", (code, signal) => {
      deps.log.info({ pid: begun.pid, code, signal }, "the shim ended");
      if (child === begun) child = undefined;
      checkNow();
    });
    begun.unref();
    deps.log.info({ pid: begun.pid }, "shim started");
  };
  /** How long until a shim may be started; 0 for now, undefined while one that may connect is there. */
  const waitFor = async (): Promise<number | undefined> => {
    if (open > 0 || child) return undefined;
    const now = performance.now();
    if (now - missedSince < ADOPT_MS && (await deps.runningPid()) !== undefined) return HURRY_MS;
    const pause = failures < QUICK_STARTS ? 0 : FIRST_PAUSE_MS * 2 ** (failures - QUICK_STARTS);
    return Math.max(0, launchedAt + Math.min(pause, LONGEST_PAUSE_MS) - now);
  };
  const check = async () => {
    checking = true;
    let next = CHECK_MS;
    do {
      stale = false;
      try {
        const wait = await waitFor();
        next = wait || CHECK_MS;
        if (wait === 0 && started && open === 0 && !child) launch();
      } catch (error) {
        deps.log.error({ err: error }, "the shim's lock could not be read; looking again");
      }
    } while (stale);
    checking = false;
    checkIn(next);
  };
  return {
    onStreams(count) {
      const now = performance.now();
      if (open === 0 && count > 0) openSince = now;
      if (open > 0 && count === 0) {
        if (now - openSince >= STEADY_MS) failures = 0;
        missedSince = now;
      }
      open = count;
      if (open === 0) checkNow();
    },
    connected: () => open > 0,
    start() {
      started = true;
      missedSince = performance.now();
      checkIn(0);
    },
    async stop() {
      started = false;
      clearTimeout(timer);
      const pid = (await deps.runningPid()) ?? child?.pid;
      if (pid !== undefined) sendSignal(pid, "SIGTERM");
    },
  };
}
