import type { Store } from "../core/ports/store.ts";
import { type FailPoint, noFailPoint } from "../util/fail-point.ts";
import { copyDatabase } from "./back-up.ts";
import { committer } from "./commit.ts";
import { compactor } from "./compact.ts";
import { openDatabase } from "./database.ts";
import { harnessRows } from "./harnesses.ts";
import { checkIntegrity } from "./integrity.ts";
import { logRows } from "./logs.ts";
import { messageRows } from "./messages.ts";
import { ALL_MIGRATIONS } from "./migrations/all-migrations.ts";
import type { SchemaMigration } from "./migrations/schema-migration.ts";
import { projectRows } from "./projects.ts";
import { sessionRows } from "./sessions.ts";

/**
 * Opens the store in the SQLite file at `databasePath`, making it or bringing its schema up to date if need be.
 *
 * The caller holds the installation's lock: one process, one store per file. Throws SCHEMA_TOO_NEW and DATABASE_UNUSABLE,
 * then with the file as it was; every method throws the latter when SQLite can no longer read or write the file.
 */
export async function createStore(options: {
  databasePath: string;
  /** Steps of the schema; all there are unless a test says otherwise. */
  migrations?: readonly SchemaMigration[];
  failPoint?: FailPoint;
}): Promise<Store> {
  const { databasePath, migrations = ALL_MIGRATIONS, failPoint = noFailPoint } = options;
  const database = await openDatabase({ path: databasePath, migrations });
  return {
    ...harnessRows(database),
    ...projectRows(database),
    ...sessionRows(database),
    ...logRows(database),
    ...messageRows(database),
    ...committer(database, failPoint),
    ...compactor(database),
    integrityCheck: () => checkIntegrity(databasePath),
    writeProblem: database.writeProblem,
    saveCopy: (path) => database.readNative(() => copyDatabase(database.native, path)),
    close: () => database.close(),
  };
}
