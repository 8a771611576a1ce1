/** The system's clock; shaped like `core/ports/clock.ts`. */
export function systemClock() {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(ms: number, callback: () => void): () => void {
      const timer = setTimeout(callback, Math.min(ms, 0x7fffffff));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
