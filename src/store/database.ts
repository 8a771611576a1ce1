import { chmodSync, existsSync, rmSync } from "node:fs";
import type { EntityName } from "@mikro-orm/core";
import { type EntityManager, MikroORM } from "@mikro-orm/sqlite";
import type Sqlite from "better-sqlite3";
import { AoError } from "../core/errors.ts";
import { toDatabaseError } from "./database-error.ts";
import { storeDriver } from "./driver.ts";
import { ALL_ENTITIES } from "./entities/all-entities.ts";
import { APPLICATION_ID, creationMarker, inspectDatabase } from "./inspect-database.ts";
import { migrate, migratorConfig } from "./migrate.ts";
import type { SchemaMigration } from "./migrations/schema-migration.ts";
import { inTransaction } from "./transaction.ts";

/** The one connection, used by one task at a time: nothing ever runs inside another's transaction. */
export interface Database {
  /** The connection below the ORM, for prepared statements. Only inside `read`, `readNative` and `write`. */
  native: Sqlite.Database;
  /** Table and columns of an entity. */
  describe(entity: EntityName): { table: string; columns: { property: string; column: string }[] };
  read<T>(task: (em: EntityManager) => Promise<T> | T): Promise<T>;
  /** As `read`, for prepared statements alone: a fork of the entity manager costs as much as a look-up. */
  readNative<T>(task: () => T): Promise<T>;
  /** Runs `task` as one transaction: all of it is on disk when the promise resolves, none when it rejects. */
  write<T>(task: (em: EntityManager) => Promise<T> | T): Promise<T>;
  /** Why the last transaction could not be written; undefined when it was. */
  writeProblem(): string | undefined;
  close(): Promise<void>;
}

/**
 * Opens the database at `path`, made or brought to the newest of `migrations` if need be.
 *
 * Throws SCHEMA_TOO_NEW and DATABASE_UNUSABLE, then with the file as it was.
 */
export async function openDatabase(options: {
  path: string;
  migrations: readonly SchemaMigration[];
}): Promise<Database> {
  const { path, migrations } = options;
  try {
    const version = inspectDatabase(path, migrations.length);
    makePrivate(path);
    const orm = await initOrm(options);
    try {
      const native = await connect(orm);
      if (version < migrations.length) await migrate({ orm, native, path, version, migrations });
      rmSync(creationMarker(path), { force: true });
      return createDatabase({ orm, native, path });
    } catch (error) {
      await orm.close(true);
      throw error;
    }
  } catch (error) {
    throw toDatabaseError(path, error);
  }
}

/** Takes the file and its companions from everybody else; SQLite gives new companions the mode of the file. */
function makePrivate(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
}

function initOrm(options: { path: string; migrations: readonly SchemaMigration[] }): Promise<MikroORM> {
  return MikroORM.init({
    driver: storeDriver,
    dbName: options.path,
    entities: [...ALL_ENTITIES],
    // Another process can hold the file for a moment: a backup, somebody's sqlite3 shell.
    driverOptions: { timeout: 5_000 },
    ...migratorConfig(options.migrations),
  });
}

async function connect(orm: MikroORM): Promise<Sqlite.Database> {
  const native: Sqlite.Database = await orm.em.getConnection().getNativeClient();
  native.pragma("journal_mode = wal");
  native.pragma("synchronous = full");
  // 16 MB, four times the default: rows of busy sessions are written again and again, and folded in once.
  native.pragma("wal_autocheckpoint = 4000");
  native.pragma("foreign_keys = on");
  native.pragma(`application_id = ${APPLICATION_ID}`);
  return native;
}

function createDatabase(open: { orm: MikroORM; native: Sqlite.Database; path: string }): Database {
  const { orm, native, path } = open;
  let last: Promise<unknown> = Promise.resolve();
  let closing = false;
  let problem: string | undefined;

  function alone<T>(task: () => Promise<T> | T): Promise<T> {
    const mine = last.then(task);
    // The caller owns the failure; the next in line only waits for the end.
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  async function guarded<T>(task: () => Promise<T> | T): Promise<T> {
    if (closing) throw new Error("the store is closed");
    try {
      return await alone(task);
    } catch (error) {
      throw toDatabaseError(path, error);
    }
  }

  async function write<T>(task: (em: EntityManager) => Promise<T> | T): Promise<T> {
    try {
      const result = await guarded(() => inTransaction(native, () => task(orm.em.fork())));
      problem = undefined;
      return result;
    } catch (error) {
      if (error instanceof AoError && error.reason === "DATABASE_UNUSABLE")
        problem = String(error.metadata.problem);
      throw error;
    }
  }

  return {
    native,
    describe: (entity) => {
      const { tableName, props } = orm.getMetadata(entity);
      const columns = props.map(({ name, fieldNames: [column = name] }) => ({ property: name, column }));
      return { table: tableName, columns };
    },
    read: (task) => guarded(() => task(orm.em.fork())),
    readNative: guarded,
    write,
    writeProblem: () => problem,
    async close() {
      if (closing) return;
      closing = true;
      await alone(() => orm.close(true));
    },
  };
}
