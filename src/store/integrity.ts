import type Sqlite from "better-sqlite3";

/** What SQLite finds wrong with the file, at most 20 lines; empty when it is sound. Reads all of it. */
export function checkIntegrity(native: Sqlite.Database): string[] {
  try {
    return [...damage(native), ...danglingRows(native)].slice(0, 20);
  } catch (error) {
    // Damage can be such that the check itself fails.
    if ((error as { code?: string }).code?.startsWith("SQLITE_CORRUPT")) return [(error as Error).message];
    throw error;
  }
}

function damage(native: Sqlite.Database): string[] {
  const rows = native.pragma("integrity_check(20)") as { integrity_check: string }[];
  return rows.map((row) => row.integrity_check).filter((line) => line !== "ok");
}

function danglingRows(native: Sqlite.Database): string[] {
  const rows = native.pragma("foreign_key_check") as { table: string; rowid: number; parent: string }[];
  return rows.map(({ table, rowid, parent }) => `row ${rowid} of "${table}" points to a missing "${parent}"`);
}
