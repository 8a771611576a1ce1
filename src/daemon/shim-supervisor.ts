import { type ChildProcess, spawn } from "node:child_process";
import type { Log } from "../util/log.ts";

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
/** A shim of an earlier daemon reconnects within this; only then is it missed. */
const ADOPT_MS = 1500;

export function createShimSupervisor(deps: {
  command: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  /** Pid of the shim that holds the lock, also one an earlier daemon started. */
  runningPid: () => Promise<number | undefined>;
}): ShimSupervisor {
  let open = 0;
  let missedSince = performance.now();
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  const launch = () => {
    const [file, ...args] = deps.command as [string, ...string[]];
    const started = spawn(file, args, { detached: true, stdio: "ignore", env: deps.env });
    child = started;
    started.on("error", (error) => deps.log.error({ err: error }, "the shim could not be started"));
    started.on("exit", (code, signal) => {
      deps.log.info({ pid: started.pid, code, signal }, "the shim ended");
      if (child === started) child = undefined;
    });
    started.unref();
    deps.log.info({ pid: started.pid }, "shim started");
  };
  const check = () => {
    if (open > 0) {
      failures = 0;
      missedSince = performance.now();
      return;
    }
    // A shim that ends at once is started again ever more slowly, at most every 30 s.
    const patience = Math.min(ADOPT_MS * 2 ** Math.max(0, failures - 2), 30_000);
    if (child || performance.now() - missedSince < patience) return;
    failures += 1;
    missedSince = performance.now();
    launch();
  };
  return {
    onStreams(count) {
      open = count;
      if (open === 0) missedSince = performance.now();
    },
    connected: () => open > 0,
    start() {
      void deps.runningPid().then((pid) => {
        if (pid === undefined) launch();
      });
      timer = setInterval(check, CHECK_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      const pid = (await deps.runningPid()) ?? child?.pid;
      if (pid === undefined) return;
      try {
        process.kill(pid, "SIGTERM");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    },
  };
}
