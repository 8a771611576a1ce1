/** One signal that follows several others and lets go of them at the end of a call. */
export interface CallSignal {
  signal: AbortSignal;
  /** Aborts the signal by itself. */
  abort(reason: unknown): void;
  /** Stops following; a signal that lives as long as the server must not collect listeners. */
  release(): void;
}

/** Follows `sources`: aborts as soon as one of them does, with its reason. */
export function followSignals(sources: readonly AbortSignal[]): CallSignal {
  const controller = new AbortController();
  const abort = (reason: unknown) => controller.abort(reason);
  const links = sources.map((source) => ({ source, follow: () => abort(source.reason) }));
  for (const { source, follow } of links) {
    if (source.aborted) follow();
    else source.addEventListener("abort", follow, { once: true });
  }
  return {
    signal: controller.signal,
    abort,
    release: () => {
      for (const { source, follow } of links) source.removeEventListener("abort", follow);
    },
  };
}

/** What `source` yields until `signal` aborts, which ends it without an error. */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const result = await nextUnlessAborted(iterator, signal);
    if (result.done) return;
    yield result.value;
  }
}

/** A listener per step, taken away after it: racing against one long promise would keep every step in memory. */
function nextUnlessAborted<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T>> {
  if (signal.aborted) return Promise.resolve({ done: true, value: undefined });
  return new Promise((resolve, reject) => {
    const end = () => resolve({ done: true, value: undefined });
    signal.addEventListener("abort", end, { once: true });
    iterator
      .next()
      .finally(() => signal.removeEventListener("abort", end))
      .then(resolve, reject);
  });
}
