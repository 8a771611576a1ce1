import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../util/log.ts";

/** Runs one look at a time, soon after each wake and at least once a poll. */
export interface Lookout {
  /** Looks now, or again when the look under way ends; any number of wakes meanwhile is one. */
  wake(): void;
  /** Looks once more after `ms`, unless something wakes it earlier. */
  wakeAfter(ms: number): void;
  stop(): void;
}

/** What a lookout needs. */
export interface LookoutOptions {
  clock: Clock;
  log: Log;
  /** Longest time between two looks: change events can be lost. */
  pollMs: number;
  look(): Promise<void>;
}

/** Starts a lookout; the first look begins at once. A look that fails is logged and does not end it. */
export function createLookout({ clock, log, pollMs, look }: LookoutOptions): Lookout {
  let stopped = false;
  let looking = false;
  let again = false;
  let lastProblem = "";
  let cancelTimer = () => {};

  async function run(): Promise<void> {
    looking = true;
    do {
      again = false;
      await look().then(() => (lastProblem = ""), complain);
    } while (again && !stopped);
    looking = false;
  }

  /** The same problem every second is said once. */
  function complain(err: unknown): void {
    const problem = String(err);
    if (problem !== lastProblem) log.warn({ err }, "a witness could not look");
    lastProblem = problem;
  }

  function wake(): void {
    if (stopped) return;
    again = true;
    if (!looking) void run();
    wakeAfter(pollMs);
  }

  function wakeAfter(ms: number): void {
    cancelTimer();
    cancelTimer = stopped ? () => {} : clock.after(Math.min(ms, pollMs), wake);
  }

  wake();
  return {
    wake,
    wakeAfter,
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
