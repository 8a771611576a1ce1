import { setImmediate as settled } from "node:timers/promises";
import type { Clock } from "../../src/core/ports/clock.ts";

/** A clock by which hours pass at once: each timer fires at its own time, and what it set off is over before the next. */
export interface ReplayClock extends Clock {
  /** Lets time pass until then. */
  passTo(epochMs: number): Promise<void>;
}

/** Creates the clock at `startMs`. What waits for anything but this clock and promises is not waited for. */
export function createReplayClock(startMs: number): ReplayClock {
  const timers = new Set<{ at: number; callback: () => void }>();
  let now = startMs;
  const nextUntil = (time: number) =>
    [...timers]
      .filter(({ at }) => at <= time)
      .reduce<{ at: number; callback: () => void } | undefined>(
        (first, timer) => (first && first.at <= timer.at ? first : timer),
        undefined,
      );
  return {
    now: () => now,
    monotonic: () => now - startMs,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async passTo(time) {
      await settled();
      for (let timer = nextUntil(time); timer; timer = nextUntil(time)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await settled();
      }
      now = Math.max(now, time);
    },
  };
}
