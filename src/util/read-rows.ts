import { existsSync } from "node:fs";
import Database from "better-sqlite3";

/** A question to a database. */
export interface RowQuery {
  sql: string;
  values: readonly (string | number)[];
}

/**
 * Reads rows of a database that belongs to another program; undefined while there is none, and while it is locked.
 *
 * Opens it for this one read and never writes: an open connection would keep its owner from tidying up at its end.
 * Throws what SQLite says of a file that is no database, or has no such table.
 */
export function readRows<Row>(path: string, { sql, values }: RowQuery): Row[] | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
    try {
      return database.prepare<Row>(sql).all(...values);
    } finally {
      database.close();
    }
  } catch (error) {
    if (isPassing((error as { code?: unknown }).code)) return undefined;
    throw error;
  }
}

/** Its owner locks it, sets it up or takes it away at this moment. */
function isPassing(code: unknown): boolean {
  return typeof code === "string" && /^SQLITE_(BUSY|LOCKED|CANTOPEN|PROTOCOL)/.test(code);
}
