import type { Clock } from "../../src/core/ports/clock.ts";

/** A recording's clock: it tells the time of the line at hand, while timers run in real time so that nothing hangs. */
export interface TraceClock extends Clock {
  /** Moves to the time of a line; never back. */
  set(epochMs: number): void;
}

/** Creates the clock at `startMs`. */
export function createTraceClock(startMs: number): TraceClock {
  let now = startMs;
  return {
    now: () => now,
    monotonic: () => now,
    after(ms, callback) {
      const timer = setTimeout(callback, Math.min(ms, 0x7fffffff));
      timer.unref();
      return () => clearTimeout(timer);
    },
    set(epochMs) {
      now = Math.max(now, epochMs);
    },
  };
}
