/** A broadcast without content: wakes everybody who waits, loses nothing because waiters look again themselves. */
export interface Hint {
  wake(): void;
  /** Resolves on the next `wake`, after `timeoutMs`, or when `signal` aborts; never rejects. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function createHint(): Hint {
  let waiting = new Set<() => void>();
  return {
    wake() {
      const woken = waiting;
      waiting = new Set();
      for (const resolve of woken) resolve();
    },
    wait(timeoutMs, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        timer.unref();
        signal.addEventListener("abort", done, { once: true });
        waiting.add(done);
      });
    },
  };
}
