import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { AoError } from "../core/errors.ts";
import { unusable } from "./database-error.ts";
import { findEarlyDamage } from "./find-damage.ts";
import { walDamage } from "./inspect-wal.ts";

/** Marks a file as ao's own in SQLite's header: "aodb". */
export const APPLICATION_ID = 0x616f6462;

const HEADER_BYTES = 100;
const MAGIC = Buffer.from("SQLite format 3\0", "latin1");

/** Up to here the whole file is looked through at each start: some 50 ms. `ao doctor` does it for larger ones. */
const THOROUGH_BYTES = 32 * 1024 * 1024;

/**
 * Tells the schema version of the file at `path` without writing to it; 0 when there is no schema yet.
 *
 * Makes the file if there is none. Throws SCHEMA_TOO_NEW above `known`, DATABASE_UNUSABLE when it is no database of ao or
 * a damaged one: SQLite would write to it until it meets the damage, and drop what it cannot read of the write-ahead log.
 */
export function inspectDatabase(path: string, known: number): number {
  // SQLite keeps the companions beside the file a link points to.
  const real = existsSync(path) ? realpathSync(path) : path;
  const lost = walDamage(`${real}-wal`);
  if (lost !== undefined) throw unusable(path, lost);
  if (isNew(path, `${real}-wal`)) return 0;
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
    const [damage] = findEarlyDamage(database, { thorough: statSync(path).size <= THOROUGH_BYTES });
    if (damage !== undefined) throw unusable(path, `it is damaged: ${damage}`);
    return version;
  } finally {
    database.close();
  }
}

/**
 * True for a new file, which is made if there is none: mode 0600, so that SQLite's companions get it too.
 *
 * A marker stands beside it until it has a schema: an empty file without one had content once.
 */
function isNew(path: string, walPath: string): boolean {
  const marker = creationMarker(path);
  if (!existsSync(path)) closeSync(openSync(marker, "a", 0o600));
  const file = openSync(path, "a+", 0o600);
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    const bytes = readSync(file, head, 0, head.length, 0);
    if (bytes === 0 && existsSync(marker)) return true;
    if (bytes === 0) throw unusable(path, "the file is empty: what was in it is gone");
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw unusable(path, "file is not a database");
    // Unless a write-ahead log still has to be folded in, a file ends with a whole page.
    if (isCut(head, fstatSync(file).size) && !statSync(walPath, { throwIfNoEntry: false })?.size)
      throw unusable(path, "it is damaged: the file ends in the middle of a page");
    return false;
  } finally {
    closeSync(file);
  }
}

function isCut(head: Buffer, size: number): boolean {
  const stored = head.readUInt16BE(16);
  return size % (stored === 1 ? 65_536 : stored) !== 0;
}

/** Stands beside a database that is being made. */
export function creationMarker(path: string): string {
  return `${path}.new`;
}
