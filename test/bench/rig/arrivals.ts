import type { AoClient } from "../../../src/client/client.ts";
import type { WatchUpdate } from "../../../src/client/watch-update.ts";

/** A watch that hands over each message with the time of its arrival. */
export interface Arrivals extends AsyncDisposable {
  /** Settles when the watch ended by itself, which is a failure; never while all is well. */
  failed: Promise<never>;
}

/**
 * Watches from the present head on. `onUpdate` gets each message and its time, ms of `performance.now()`; what it throws
 * ends the watch.
 */
export async function watchArrivals(
  client: AoClient,
  onUpdate: (update: WatchUpdate, time: number) => void,
): Promise<Arrivals> {
  const { revision } = await client.daemon.get();
  const ending = new AbortController();
  const watching = (async () => {
    for await (const update of client.sessions.watch({ afterRevision: revision }, ending.signal))
      onUpdate(update, performance.now());
  })();
  const ended = watching.catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  const failed = ended.then(() => {
    if (ending.signal.aborted) return new Promise<never>(() => {});
    throw new Error("the watch ended");
  });
  // Whoever waits sees the failure; nobody may be waiting at that moment.
  failed.catch(() => {});
  return {
    failed,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await ended;
    },
  };
}
