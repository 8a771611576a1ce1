import { Migration, Migrator } from "@mikro-orm/migrations";
import type { MikroORM } from "@mikro-orm/sqlite";
import type Sqlite from "better-sqlite3";
import { backUp } from "./back-up.ts";
import { unusable } from "./database-error.ts";
import type { SchemaMigration } from "./migrations/schema-migration.ts";
import { inTransaction } from "./transaction.ts";

/** What the ORM must be told at its start so that `migrate` can run: an explicit list, nothing written to disk. */
export function migratorConfig(migrations: readonly SchemaMigration[]) {
  return {
    extensions: [Migrator],
    migrations: {
      migrationsList: migrations.map((migration) => ({ name: migration.name, class: toClass(migration) })),
      snapshot: false,
      disableForeignKeys: false,
      // `migrate` makes the transaction.
      transactional: false,
      allOrNothing: false,
      silent: true,
    },
  };
}

/**
 * Brings the schema from `version` to the newest, all steps in one transaction, after copying an existing database aside.
 *
 * Foreign keys are off outside the transaction, where the pragma works: inside, rebuilding a table would delete the rows
 * of all tables that point to it. A step that leaves a dangling reference is undone. Throws DATABASE_UNUSABLE.
 */
export async function migrate(request: {
  orm: MikroORM;
  native: Sqlite.Database;
  path: string;
  version: number;
  migrations: readonly SchemaMigration[];
}): Promise<void> {
  const { orm, native, path, version, migrations } = request;
  if (version > 0) backUp({ native, path, before: migrations.length });
  native.pragma("foreign_keys = off");
  try {
    await inTransaction(native, async () => {
      await orm.migrator.up();
      checkForeignKeys(native);
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw unusable(
      path,
      `its schema could not be brought from ${version} to ${migrations.length}: ${problem}`,
      error,
    );
  } finally {
    native.pragma("foreign_keys = on");
  }
}

function checkForeignKeys(native: Sqlite.Database): void {
  const [dangling] = native.pragma("foreign_key_check") as { table: string; rowid: number; parent: string }[];
  if (dangling)
    throw new Error(
      `row ${dangling.rowid} of "${dangling.table}" would point to a missing "${dangling.parent}"`,
    );
}

/** A class is what the ORM's migrator wants; ours are data. */
function toClass({
  version,
  statements,
}: SchemaMigration): new (
  ...a: ConstructorParameters<typeof Migration>
) => Migration {
  return class extends Migration {
    override up(): void {
      for (const statement of statements) this.addSql(statement);
      this.addSql(`pragma user_version = ${version}`);
    }
  };
}
