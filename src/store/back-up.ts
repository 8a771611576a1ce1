import { closeSync, fchmodSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type Sqlite from "better-sqlite3";

const KEPT = 3;

/** Copies the open database to `<path>.before-<before>` and drops all but the newest three such copies. */
export function backUp(request: { native: Sqlite.Database; path: string; before: number }): void {
  const { native, path, before } = request;
  copyDatabase(native, `${path}.before-${before}`);
  dropOldest(path);
}

/** Copies the open database to `copy`, mode 0600, also where its own file has lost its name; named when it is whole. */
export function copyDatabase(native: Sqlite.Database, copy: string): void {
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
}

function dropOldest(path: string): void {
  const prefix = `${basename(path)}.before-`;
  const versions = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => b - a);
  for (const version of versions.slice(KEPT)) rmSync(join(dirname(path), `${prefix}${version}`));
}
