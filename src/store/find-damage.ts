import type Sqlite from "better-sqlite3";

const LINES = 20;
/** Tables every start needs whole; the logs are read bit by bit. */
const NEEDED = ["harness", "project", "session_counter", "session", "launch"];

/** All that SQLite finds wrong, and rows that no longer fit together, at most 20 lines. Reads the whole file. */
export function findDamage(native: Sqlite.Database): string[] {
  return found(() => [
    ...linesOf(native, `integrity_check(${LINES})`),
    ...danglingRows(native),
    ...unreadableRows(native),
  ]);
}

/** The first things wrong with what a start needs; with `thorough`, with the logs too. Writes nothing. */
export function findEarlyDamage(native: Sqlite.Database, { thorough }: { thorough: boolean }): string[] {
  const tables = new Set(tableNames(native));
  const needed = NEEDED.filter((table) => tables.has(table));
  return found(() => [
    ...(thorough
      ? linesOf(native, "quick_check(1)")
      : needed.flatMap((table) => linesOf(native, `quick_check('${table}')`))),
    ...(tables.has("session") ? unreadableRows(native) : []),
  ]);
}

/** Damage can be such that the look for it fails. */
function found(look: () => string[]): string[] {
  try {
    return look().slice(0, LINES);
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("SQLITE_CORRUPT")) return [(error as Error).message];
    throw error;
  }
}

function tableNames(native: Sqlite.Database): string[] {
  return native
    .prepare<{ name: string }>("select name from sqlite_schema where type = 'table'")
    .all()
    .map(({ name }) => name);
}

/** One string of lines per problem, or "ok". */
function linesOf(native: Sqlite.Database, check: string): string[] {
  const rows = native.pragma(check) as Record<string, string>[];
  return rows.flatMap((row) => Object.values(row)).filter((line) => line !== "ok");
}

function danglingRows(native: Sqlite.Database): string[] {
  const rows = native.pragma("foreign_key_check") as { table: string; rowid: number; parent: string }[];
  return rows.map(({ table, rowid, parent }) => `row ${rowid} of "${table}" points to a missing "${parent}"`);
}

/** SQLite does not know what a text should say: a flipped bit in one passes its own check. */
function unreadableRows(native: Sqlite.Database): string[] {
  const rows = native
    .prepare<{ id: string }>(
      `select id from session
       where not json_valid(labels) or not json_valid(facts)
          or json_extract(iif(json_valid(facts), facts, '{}'), '$.process.state') is not process_state
          or json_extract(iif(json_valid(facts), facts, '{}'), '$.launchId') is not launch_id
          or json_type(iif(json_valid(facts), facts, '{}'), '$.activity') is not 'object'
          or json_type(iif(json_valid(facts), facts, '{}'), '$.requests') is not 'array'
       limit ${LINES}`,
    )
    .all();
  return rows.map(({ id }) => `the row of session "${id}" cannot be read`);
}
