/** A broadcast without content: wakes everybody who waits, loses nothing because waiters look again themselves. */
export interface Hint {
  wake(): void;
  /** Resolves on the next `wake`, after `timeoutMs`, or when `signal` aborts; never rejects. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** As `wait`, by the time of a clock that tests can hold. */
  waitBy(limit: { ms: number; after: After; signal: AbortSignal }): Promise<void>;
}

/** Calls back once after `ms`; what it returns cancels it. */
type After = (ms: number, callback: () => void) => () => void;

export function createHint(): Hint {
  let waiting = new Set<() => void>();
  const waitBy: Hint["waitBy"] = ({ ms, after, signal }) => {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener("abort", done);
        waiting.delete(done);
        resolve();
      };
      const cancel = after(ms, done);
      signal.addEventListener("abort", done, { once: true });
      waiting.add(done);
    });
  };
  return {
    wake() {
      const woken = waiting;
      waiting = new Set();
      for (const resolve of woken) resolve();
    },
    wait: (timeoutMs, signal) => waitBy({ ms: timeoutMs, after: afterTimeout, signal }),
    waitBy,
  };
}

const afterTimeout: After = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  timer.unref();
  return () => clearTimeout(timer);
};
