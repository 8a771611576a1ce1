import { closeSync, fchmodSync, openSync } from "node:fs";
import { readFile, unlink } from "node:fs/promises";
import Database from "better-sqlite3";
import { writeFileAtomic } from "./atomic-file.ts";
import { isAlive } from "./is-alive.ts";
import { startTicksOf } from "./start-ticks.ts";

/** A lock this process holds. */
export interface Lock {
  /** Gives the lock back; does nothing the second time. */
  release(): Promise<void>;
}

/** What the loser learns: the holder's pid, undefined while the holder has not written it yet. */
export interface LockHeld {
  heldBy: number | undefined;
}

/**
 * Takes the lock file at `path` for this process, or tells who holds it; never waits for the holder.
 *
 * An open SQLite transaction is the lock: the kernel releases it however the process dies, and a leftover file means
 * nothing. The holder's pid and its start time stand in `<path>.pid`. Other errors (no such directory, no permission) are thrown.
 */
export async function acquireLock(path: string, holder: { pid: number }): Promise<Lock | LockHeld> {
  createPrivately(path);
  const database = new Database(path, { timeout: 0 });
  if (!tryBegin(database)) {
    database.close();
    return { heldBy: await readLockHolder(path) };
  }
  try {
    await writeFileAtomic(pidFile(path), `${holder.pid} ${startTicksOf(holder.pid) ?? ""}\n`);
  } catch (error) {
    database.close();
    throw error;
  }
  return heldLock(path, database);
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

function heldLock(path: string, database: Database.Database): Lock {
  let held = true;
  const close = () => void database.close();
  // Also keeps the database from the garbage collector, which would close it and with it free the lock.
  process.once("exit", close);
  return {
    async release() {
      if (!held) return;
      held = false;
      await removePidFile(path);
      process.off("exit", close);
      close();
    },
  };
}

/** Pid written by the holder of the lock at `path`; undefined when none has, or that process is gone, its pid reused or not. */
export async function readLockHolder(path: string): Promise<number | undefined> {
  try {
    const [pid = 0, ticks] = (await readFile(pidFile(path), "utf8")).trim().split(" ").map(Number);
    const isHolder = ticks === undefined || startTicksOf(pid) === ticks;
    return pid > 0 && isAlive(pid) && isHolder ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function removePidFile(path: string): Promise<void> {
  try {
    await unlink(pidFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function pidFile(path: string): string {
  return `${path}.pid`;
}
