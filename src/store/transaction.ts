import type Sqlite from "better-sqlite3";

/**
 * Runs `task` as one transaction of the connection: committed when it resolves, undone when it rejects.
 *
 * Ours and not the ORM's: on a full disk SQLite has ended the transaction itself, MikroORM's own rollback then fails, and
 * the ORM keeps the connection to itself for ever. `task` must not make the ORM begin one (no `flush`).
 */
export async function inTransaction<T>(native: Sqlite.Database, task: () => Promise<T> | T): Promise<T> {
  native.exec("begin immediate");
  try {
    const result = await task();
    native.exec("commit");
    return result;
  } catch (error) {
    if (native.inTransaction) native.exec("rollback");
    throw error;
  }
}
