import type { Clock } from "../../src/core/ports/clock.ts";

/** A clock that stands still until told; timers fire in order as it passes them. */
export interface ManualClock extends Clock {
  /** Moves wall and monotonic time forward. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an administrator or NTP would. */
  setWall(epochMs: number): void;
}

export function createManualClock(start = 1_800_000_000_000): ManualClock {
  let wall = start;
  let monotonic = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const fireDue = () => {
    const due = timers.filter((timer) => timer.at <= monotonic).sort((a, b) => a.at - b.at);
    timers = timers.filter((timer) => timer.at > monotonic);
    for (const timer of due) timer.callback();
  };
  return {
    now: () => wall,
    monotonic: () => monotonic,
    after(ms, callback) {
      const timer = { at: monotonic + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      wall += ms;
      monotonic += ms;
      fireDue();
    },
    setWall(epochMs) {
      wall = epochMs;
    },
  };
}
