import type { Store } from "../core/ports/store.ts";
import type { Database } from "./database.ts";

/** Rows per transaction: some 10 ms, so that commits are not kept waiting. */
const CHUNK = 5_000;

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
}

/** Drops what is too old or too much from both logs, in short transactions that commits may come between. */
export function compactor(database: Database): Pick<Store, "compact"> {
  return {
    async compact({ before, keepChanges, keepSignals }) {
      const signals = await compactLog(database, { log: SIGNALS, before, keep: keepSignals });
      return signals + (await compactLog(database, { log: CHANGES, before, keep: keepChanges }));
    },
  };
}

async function compactLog(database: Database, limits: Limits): Promise<number> {
  const end = await database.read(() => firstKept(database, limits));
  let dropped = 0;
  let from: number | undefined = 0;
  while (from !== undefined) {
    const range: { log: Log; from: number; end: number } = { log: limits.log, from, end };
    const chunk = await database.write(() => dropChunk(database, range));
    dropped += chunk.dropped;
    from = chunk.next;
  }
  return dropped;
}

/** The first key that is young enough and among the newest `keep`: each log is cut before one key, so that no hole opens. */
function firstKept({ native }: Database, { log, before, keep }: Limits): number {
  const { table, key } = log;
  const newest =
    native.prepare<{ key: number | null }>(`select max(${key}) as key from ${table}`).get()?.key ?? 0;
  // From the oldest on, so it reads only what will be dropped.
  const young = native
    .prepare<{ key: number }>(
      `select ${key} as key from ${table} where commit_time >= ? order by ${key} limit 1`,
    )
    .get(before)?.key;
  return Math.max(young ?? newest + 1, newest + 1 - keep);
}

function dropChunk({ native }: Database, range: { log: Log; from: number; end: number }) {
  const { table, key, spared } = range.log;
  const last = native
    .prepare<{ key: number | null }>(
      `select max(key) as key from
        (select ${key} as key from ${table} where ${key} >= ? and ${key} < ? order by ${key} limit ${CHUNK})`,
    )
    .get(range.from, range.end)?.key;
  if (last == null) return { dropped: 0, next: undefined };
  const { changes } = native
    .prepare(`delete from ${table} where ${key} >= ? and ${key} <= ? and not (${spared})`)
    .run(range.from, last);
  return { dropped: changes, next: last + 1 };
}
