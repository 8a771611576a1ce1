import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { MikroORM } from "@mikro-orm/sqlite";
import Sqlite from "better-sqlite3";
import * as assert from "uvu/assert";
import { AoError } from "../../src/core/errors.ts";
import type { Store } from "../../src/core/ports/store.ts";
import { ALL_ENTITIES } from "../../src/store/entities/all-entities.ts";
import { ALL_MIGRATIONS } from "../../src/store/migrations/all-migrations.ts";
import type { SchemaMigration } from "../../src/store/migrations/schema-migration.ts";
import { createStore } from "../../src/store/store.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { change, launch, logged, seed, session } from "./samples.ts";

const KNOWN = ALL_MIGRATIONS.length;

/** The most dangerous kind of step: rebuilds the table that launches point to with ON DELETE CASCADE. */
const rebuildSession: SchemaMigration = {
  version: KNOWN + 1,
  name: "test-rebuild-session",
  statements: [
    ...ALL_MIGRATIONS.flatMap((step) => step.statements)
      .filter((statement) => statement.startsWith(`create table "session" (`))
      .map((statement) => statement.replace(`"session"`, `"session_new"`)),
    `insert into "session_new" select * from "session"`,
    `drop table "session"`,
    `alter table "session_new" rename to "session"`,
  ],
};

async function withStore(
  path: string,
  migrations: readonly SchemaMigration[] | undefined,
  use: (s: Store) => Promise<void>,
) {
  const store = await createStore({ databasePath: path, migrations });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function populate(store: Store): Promise<void> {
  await seed(store);
  const one = session("shop-1", { requestId: "r1", requestDigest: "d", revision: 1 });
  await store.commit({
    sessions: [one, session("shop-2")],
    launches: [launch("l1", "shop-1"), launch("l2", "shop-1", { number: 2 })],
    signals: [logged("a", "shop-1"), logged("b", "gone-1")],
    changes: [change(1, one)],
  });
  await store.nextSessionNumber("shop");
}

/** All rows of all tables, as SQLite has them. */
function dump(path: string): Record<string, unknown[]> {
  const database = new Sqlite(path, { readonly: true });
  try {
    const tables = database
      .prepare<{ name: string }>("select name from sqlite_schema where type = 'table' order by name")
      .all()
      .map((row) => row.name)
      .filter((name) => !/^(sqlite_|mikro_orm)/.test(name));
    return Object.fromEntries(
      tables.map((name) => [name, database.prepare(`select * from "${name}"`).all()]),
    );
  } finally {
    database.close();
  }
}

async function failure(attempt: Promise<unknown>): Promise<AoError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, AoError);
  return error as AoError;
}

suite("migrations", ({ test }) => {
  test("versions count from 1 without a gap", () => {
    assert.equal(
      ALL_MIGRATIONS.map((step) => step.version),
      ALL_MIGRATIONS.map((_, index) => index + 1),
    );
  });

  test("make exactly the tables the entities describe", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    await withStore(path, undefined, async () => undefined);
    const orm = await MikroORM.init({
      dbName: path,
      entities: [...ALL_ENTITIES],
      schemaGenerator: { skipTables: ["mikro_orm_migrations"] },
    });
    try {
      assert.is(await orm.schema.getUpdateSchemaSQL({ wrap: false }), "");
    } finally {
      await orm.close(true);
    }
  });

  test("bring a populated database of every released version to the newest", async () => {
    const folder = join(import.meta.dirname, "fixtures");
    const fixtures = readdirSync(folder);
    assert.is(fixtures.length, KNOWN, "one populated database per version");
    for (const fixture of fixtures) {
      using dir = tempDir();
      const path = join(dir.path, "ao.db");
      new Sqlite(path).exec(readFileSync(join(folder, fixture), "utf8")).close();
      await withStore(path, undefined, async (store) => {
        assert.equal(
          (await store.listSessions({ limit: 9 })).rows.map((row) => row.id),
          ["shop-2", "shop-1"],
          fixture,
        );
        assert.is((await store.findSessionByLaunch("l1"))?.facts.process.pid, 42);
        assert.is((await store.listSignals({ limit: 9, newestFirst: false })).length, 2);
        assert.is((await store.listChanges({ after: 0, limit: 9 }))[0]?.session?.id, "shop-1");
        assert.match((await store.revisions()).epoch, /^e[0-9a-f]{16}$/);
        assert.is(await store.nextSessionNumber("shop"), 2);
        const messages = await store.listOpenMessages();
        assert.equal(
          messages.map(({ id, text, pendingKeys }) => [id, text, pendingKeys]),
          fixture === "schema-1.sql" ? [] : [["m-1", "it's", "m-1-enter1"]],
        );
        assert.equal(await store.integrityCheck(), []);
      });
    }
  });

  test("rebuilding a table keeps the rows that point to it, and copies the database aside first", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    await withStore(path, undefined, populate);
    const before = dump(path);
    assert.is(before.launch?.length, 2);
    await withStore(path, [...ALL_MIGRATIONS, rebuildSession], async (store) => {
      assert.is((await store.listLaunches("shop-1")).length, 2);
      // Foreign keys are on again.
      const unknown = store.commit({ sessions: [session("shop-9", { harness: "none" })] });
      assert.match(String(await unknown.catch((error: unknown) => error)), "FOREIGN KEY");
    });
    assert.equal(dump(path), before);
    const copy = `${path}.before-${KNOWN + 1}`;
    assert.equal(dump(copy), before);
    assert.is(statSync(copy).mode & 0o777, 0o600);
  });

  test("a step that fails, or leaves a dangling reference, leaves the database as it was", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    await withStore(path, undefined, populate);
    const before = dump(path);
    const broken = {
      version: KNOWN + 1,
      name: "test-broken",
      statements: ["delete from signal", "create tabel x (y)"],
    };
    const dangling = {
      version: KNOWN + 1,
      name: "test-dangling",
      statements: ["delete from session where id = 'shop-1'"],
    };
    for (const [step, problem] of [
      [broken, "tabel"],
      [dangling, 'missing "session"'],
    ] as const) {
      const error = await failure(createStore({ databasePath: path, migrations: [...ALL_MIGRATIONS, step] }));
      assert.is(error.reason, "DATABASE_UNUSABLE");
      assert.match(error.message, problem);
      assert.equal(dump(path), before);
    }
    await withStore(path, undefined, async (store) => assert.is(await store.countSessions("shop"), 2));
  });

  test("keeps the newest three copies, by version and not by name", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    const steps = [...ALL_MIGRATIONS];
    await withStore(path, steps, async () => undefined);
    while (steps.length < 11) {
      const version = steps.length + 1;
      steps.push({ version, name: `test-${version}`, statements: [`create table t${version} (x)`] });
      await withStore(path, steps, async () => undefined);
    }
    const copies = readdirSync(dir.path).filter((name) => name.includes("before"));
    assert.equal(copies.sort(), ["ao.db.before-10", "ao.db.before-11", "ao.db.before-9"]);
  });

  test("a new database is not copied, an up-to-date one neither", async () => {
    using dir = tempDir();
    mkdirSync(join(dir.path, "x"));
    const path = join(dir.path, "x", "ao.db");
    await withStore(path, undefined, async () => undefined);
    await withStore(path, undefined, async () => undefined);
    assert.equal(readdirSync(join(dir.path, "x")), ["ao.db"]);
  });
});
