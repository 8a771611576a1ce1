import type { SignalRow, Store } from "../../core/ports/store.ts";
import type { SessionBook } from "./session-book.ts";

const PAGE = 256;

/** Streams the signal log, those after `afterLogId` first. */
export async function* watchSignals(
  deps: { store: Store; book: SessionBook },
  options: { sessionId?: string; afterLogId?: number },
  signal: AbortSignal,
): AsyncGenerator<SignalRow> {
  const { store, book } = deps;
  let afterLogId = options.afterLogId ?? (await newestLogId(store));
  while (!signal.aborted) {
    const rows = await store.listSignals({
      sessionId: options.sessionId,
      afterLogId,
      limit: PAGE,
      newestFirst: false,
    });
    for (const row of rows) {
      yield row;
      afterLogId = row.logId;
    }
    if (rows.length === 0) await book.committed.wait(15_000, signal);
  }
}

async function newestLogId(store: Store): Promise<number> {
  const [newest] = await store.listSignals({ limit: 1, newestFirst: true });
  return newest?.logId ?? 0;
}
