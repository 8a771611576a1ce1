import { closeSync, fchmodSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type Sqlite from "better-sqlite3";

const KEPT = 3;

/**
 * Copies the open database to `<path>.before-<before>`, mode 0600, and drops all but the newest three such copies.
 *
 * The copy has its name only when it is whole.
 */
export function backUp(request: { native: Sqlite.Database; path: string; before: number }): void {
  const { native, path, before } = request;
  const copy = `${path}.before-${before}`;
  const half = `${copy}.tmp`;
  rmSync(half, { force: true });
  const file = openSync(half, "wx", 0o600);
  try {
    fchmodSync(file, 0o600);
    native.prepare("vacuum into ?").run(half);
    // VACUUM INTO does not wait for the disk.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(half, copy);
  dropOldest(path);
}

function dropOldest(path: string): void {
  const prefix = `${basename(path)}.before-`;
  const versions = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => b - a);
  for (const version of versions.slice(KEPT)) rmSync(join(dirname(path), `${prefix}${version}`));
}
