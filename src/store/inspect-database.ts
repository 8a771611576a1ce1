import { closeSync, openSync, readSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { AoError } from "../core/errors.ts";
import { unusable } from "./database-error.ts";

/** Marks a file as ao's own in SQLite's header: "aodb". */
export const APPLICATION_ID = 0x616f6462;

const MAGIC = Buffer.from("SQLite format 3\0", "latin1");

/**
 * Tells the schema version of the file at `path` without writing to it; 0 when there is no schema yet.
 *
 * Makes the file if there is none. Throws SCHEMA_TOO_NEW above `known`, DATABASE_UNUSABLE when it is no database of ao.
 */
export function inspectDatabase(path: string, known: number): number {
  if (isEmpty(path)) return 0;
  // Read-only: a writer would fold a left-over write-ahead log into the file when it closes.
  const database = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    const version = Number(database.pragma("user_version", { simple: true }));
    const tables = database
      .prepare<{ name: string }>("select name from sqlite_schema where type = 'table'")
      .all();
    if (database.pragma("application_id", { simple: true }) !== APPLICATION_ID && tables.length > 0)
      throw unusable(path, "it is a database of another program");
    if (version > known) throw new AoError("SCHEMA_TOO_NEW", { path, found: version, known });
    return version;
  } finally {
    database.close();
  }
}

/** True for a file without content, which is made if need be: mode 0600, so that SQLite's companions get it too. */
function isEmpty(path: string): boolean {
  const file = openSync(path, "a+", 0o600);
  try {
    const head = Buffer.alloc(MAGIC.length);
    const bytes = readSync(file, head, 0, head.length, 0);
    if (bytes > 0 && !head.equals(MAGIC)) throw unusable(path, "file is not a database");
    return bytes === 0;
  } finally {
    closeSync(file);
  }
}
