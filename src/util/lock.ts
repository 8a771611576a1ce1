import { closeSync, fchmodSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { writeFileAtomic } from "./atomic-file.ts";
import {
  describeHolder,
  holderText,
  type LockHeld,
  pidFile,
  readHolder,
  removePidFile,
} from "./lock-holder.ts";

/** A lock this process holds. */
export interface Lock {
  /** Gives the lock back; does nothing the second time. */
  release(): Promise<void>;
}

/**
 * Takes the lock file at `path` for this process, or tells who holds it; never waits for the holder.
 *
 * An open SQLite transaction is the lock: the kernel releases it however the process dies, and a leftover file means
 * nothing. The holder's pid and its start time stand in `<path>.pid`. Other errors (no such directory, no permission) are thrown.
 */
export async function acquireLock(
  path: string,
  holder: { pid: number; note?: string },
): Promise<Lock | LockHeld> {
  createPrivately(path);
  const database = new Database(path, { timeout: 0 });
  if (!tryBegin(database)) {
    database.close();
    return describeHolder(await readHolder(path));
  }
  try {
    await writeFileAtomic(pidFile(path), holderText(holder));
  } catch (error) {
    database.close();
    throw error;
  }
  return heldLock(path, { database, pid: holder.pid });
}

/** True when `taken` is a lock and not the news of who holds it. */
export function isLock(taken: Lock | LockHeld): taken is Lock {
  return "release" in taken;
}

/** Makes the file with mode 0600. An existing one is not opened: closing it would drop this process's POSIX locks on it. */
function createPrivately(path: string): void {
  try {
    const file = openSync(path, "wx", 0o600);
    fchmodSync(file, 0o600);
    closeSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/**
 * Begins the transaction. IMMEDIATE takes SQLite's one RESERVED lock in a single step, so of two that try at once exactly
 * one wins; EXCLUSIVE takes three and both can fail. The journal in memory keeps the file empty and without companions.
 */
function tryBegin(database: Database.Database): boolean {
  try {
    database.pragma("journal_mode = memory");
    database.exec("begin immediate");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "SQLITE_BUSY") return false;
    database.close();
    throw error;
  }
}

function heldLock(path: string, { database, pid }: { database: Database.Database; pid: number }): Lock {
  let held = true;
  const close = () => void database.close();
  // Also keeps the database from the garbage collector, which would close it and with it free the lock.
  process.once("exit", close);
  return {
    async release() {
      if (!held) return;
      held = false;
      await removePidFile(path, pid);
      process.off("exit", close);
      close();
    },
  };
}
