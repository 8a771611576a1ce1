import { setImmediate as nextTurn } from "node:timers/promises";
import type { Store } from "../core/ports/store.ts";
import type { Database } from "./database.ts";

/** Rows looked at per transaction: some 10 ms, so that commits and calls are not kept waiting. */
const CHUNK = 1_000;

/** One log as the compaction sees it. */
interface Log {
  table: "signal" | "change";
  key: "log_id" | "revision";
  /** SQL of what stays whatever its age. */
  spared: string;
}

/** The newest signal of a session explains its status; a removed session has none to explain. */
const SIGNALS: Log = {
  table: "signal",
  key: "log_id",
  spared: `exists (select 1 from session where session.id = signal.session_id) and not exists (
    select 1 from signal as newer where newer.session_id = signal.session_id and newer.log_id > signal.log_id)`,
};

/** The newest change is the head: without it revisions would start again. */
const CHANGES: Log = {
  table: "change",
  key: "revision",
  spared: "revision = (select max(revision) from change)",
};

interface Limits {
  log: Log;
  before: number;
  keep: number;
  signal: AbortSignal | undefined;
}

/** Drops what is too old or too much from both logs, in short transactions that commits may come between. */
export function compactor(database: Database): Pick<Store, "compact"> {
  return {
    async compact({ before, keepChanges, keepSignals, signal }) {
      const signals = await compactLog(database, { log: SIGNALS, before, keep: keepSignals, signal });
      const changes = await compactLog(database, { log: CHANGES, before, keep: keepChanges, signal });
      return signals + changes + (await dropMessages(database, before));
    },
  };
}

/** An open message has no end time and stays. */
async function dropMessages(database: Database, before: number): Promise<number> {
  const { changes } = await database.write(() =>
    database.native.prepare("delete from message where end_time < ?").run(before),
  );
  return changes;
}

async function compactLog(database: Database, limits: Limits): Promise<number> {
  const { log, before, keep, signal } = limits;
  const newest = await database.readNative(() => newestKey(database, log));
  const end = newest + 1 - keep;
  let dropped = 0;
  let from: number | undefined = 0;
  while (from !== undefined && !signal?.aborted) {
    const range: Range = { log, before, from, end, newest };
    const chunk = await database.write(() => dropChunk(database, range));
    dropped += chunk.dropped;
    from = chunk.next;
    // SQLite works in this thread: without a turn of the event loop nobody else would get one before the end.
    await nextTurn();
  }
  return dropped;
}

function newestKey({ native }: Database, { table, key }: Log): number {
  return native.prepare<{ key: number | null }>(`select max(${key}) as key from ${table}`).get()?.key ?? 0;
}

/** Where a step starts; keys below `end` are too many, commit times below `before` too old, keys above `newest` too new. */
interface Range {
  log: Log;
  before: number;
  from: number;
  end: number;
  newest: number;
}

/** Drops from the oldest on, up to the first key that is to stay: each log is cut before one key, so that no hole opens. */
function dropChunk({ native }: Database, { log, before, from, end, newest }: Range) {
  const { table, key, spared } = log;
  const last = native
    .prepare<{ key: number | null }>(
      `select max(key) as key from
        (select ${key} as key from ${table} where ${key} >= ? and ${key} <= ? order by ${key} limit ${CHUNK})`,
    )
    .get(from, newest)?.key;
  if (last == null) return { dropped: 0, next: undefined };
  const young = native
    .prepare<{ key: number }>(
      `select ${key} as key from ${table} where ${key} >= ? and ${key} <= ? and commit_time >= ? order by ${key} limit 1`,
    )
    .get(from, last, before)?.key;
  const cut = Math.max(young ?? last + 1, Math.min(end, last + 1));
  const { changes } = native
    .prepare(`delete from ${table} where ${key} >= ? and ${key} < ? and not (${spared})`)
    .run(from, cut);
  return { dropped: changes, next: cut > last ? last + 1 : undefined };
}
