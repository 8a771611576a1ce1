import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import * as assert from "uvu/assert";
import { AoError } from "../../src/core/errors.ts";
import { openDatabase } from "../../src/store/database.ts";
import { ALL_MIGRATIONS } from "../../src/store/migrations/all-migrations.ts";
import { createStore } from "../../src/store/store.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { logged, seed, session } from "./samples.ts";

const STORE_MODULE = join(import.meta.dirname, "../../src/store/store.ts");
const SAMPLES_MODULE = join(import.meta.dirname, "samples.ts");

async function failure(path: string): Promise<AoError> {
  const error = await createStore({ databasePath: path }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, AoError, String(error));
  return error as AoError;
}

/** Opens and must fail with DATABASE_UNUSABLE, the file's bytes being the same afterwards. */
async function refusesUntouched(path: string, problem: string | RegExp, open = failure): Promise<void> {
  const before = existsSync(path) && statSync(path).isFile() ? readFileSync(path) : undefined;
  const error = await open(path);
  assert.is(error.reason, "DATABASE_UNUSABLE");
  assert.match(String(error.metadata.problem), problem);
  assert.is(error.metadata.path, path);
  if (before) assert.ok(readFileSync(path).equals(before), "the file was changed");
}

async function makeDatabase(path: string): Promise<void> {
  const store = await createStore({ databasePath: path });
  await seed(store);
  await store.commit({ sessions: [session("shop-1")], signals: [logged("a", "shop-1")] });
  await store.close();
}

/** `failure` as a user whom file modes bind; root is not. */
async function failureOfOrdinaryUser(path: string): Promise<AoError> {
  if (process.geteuid?.() !== 0) return failure(path);
  process.seteuid?.(65534);
  try {
    return await failure(path);
  } finally {
    process.seteuid?.(0);
  }
}

suite("database file", ({ test }) => {
  test("is private whatever the umask, with its companions; a looser one is tightened", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    const before = process.umask(0);
    try {
      for (const mode of [0o600, 0o644]) {
        if (existsSync(path)) chmodSync(path, mode);
        const store = await createStore({ databasePath: path });
        if (mode === 0o600) await seed(store);
        const modes = readdirSync(dir.path).map(
          (name) => `${name} ${(statSync(join(dir.path, name)).mode & 0o777).toString(8)}`,
        );
        assert.equal(modes.sort(), ["ao.db 600", "ao.db-shm 600", "ao.db-wal 600"]);
        await store.close();
      }
    } finally {
      process.umask(before);
    }
  });

  test("is durable: WAL, synchronous FULL, foreign keys", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    const { native, close } = await openDatabase({ path, migrations: ALL_MIGRATIONS });
    const FULL = 2;
    assert.equal(
      ["journal_mode", "synchronous", "foreign_keys", "user_version"].map((name) =>
        native.pragma(name, { simple: true }),
      ),
      ["wal", FULL, 1, ALL_MIGRATIONS.length],
    );
    await close();
  });

  test("what was committed survives kill -9", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    const program = `
      import { createStore } from ${JSON.stringify(STORE_MODULE)};
      import { logged, seed, session } from ${JSON.stringify(SAMPLES_MODULE)};
      const store = await createStore({ databasePath: ${JSON.stringify(path)} });
      await seed(store);
      for (let n = 1; ; n++) {
        await store.commit({ sessions: [session("shop-1", { revision: n })], signals: [logged("s" + n, "shop-1")] });
        process.stdout.write(n + "\\n");
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (output.split("\n").length > 30) child.kill("SIGKILL");
    });
    await once(child, "close");
    const told = Number(output.slice(0, output.lastIndexOf("\n")).split("\n").at(-1));
    const store = await createStore({ databasePath: path });
    const revision = (await store.getSession("shop-1"))?.revision ?? 0;
    const signals = await store.listSignals({ limit: 1000, newestFirst: false });
    assert.ok(told > 20 && revision >= told, `${told} told, ${revision} kept`);
    assert.is(signals.length, revision);
    assert.equal(await store.integrityCheck(), []);
    await store.close();
  });

  test("of a newer schema is refused and stays as it is", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    await makeDatabase(path);
    const newer = new Sqlite(path);
    newer.pragma(`user_version = ${ALL_MIGRATIONS.length + 1}`);
    newer.close();
    const before = readFileSync(path);
    const error = await failure(path);
    assert.is(error.reason, "SCHEMA_TOO_NEW");
    assert.equal(error.metadata, { path, found: ALL_MIGRATIONS.length + 1, known: ALL_MIGRATIONS.length });
    assert.ok(readFileSync(path).equals(before));
  });

  test("of a newer schema that still stands in the write-ahead log of a killed process is refused too", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    await makeDatabase(join(dir.path, "live.db"));
    const live = new Sqlite(join(dir.path, "live.db"));
    live.pragma(`user_version = ${ALL_MIGRATIONS.length + 1}`);
    for (const end of ["", "-wal"]) copyFileSync(join(dir.path, `live.db${end}`), path + end);
    live.close();
    const before = [path, `${path}-wal`].map((file) => readFileSync(file, "hex"));
    assert.is((await failure(path)).reason, "SCHEMA_TOO_NEW");
    assert.equal(
      [path, `${path}-wal`].map((file) => readFileSync(file, "hex")),
      before,
    );
  });

  test("that is no database, or another program's, is refused and stays as it is", async () => {
    using dir = tempDir();
    const path = join(dir.path, "notes.db");
    writeFileSync(path, "dear diary");
    await refusesUntouched(path, "file is not a database");
    const other = new Sqlite(join(dir.path, "other.db"));
    other.exec("create table cookies (x)");
    other.close();
    await refusesUntouched(join(dir.path, "other.db"), "another program");
    mkdirSync(join(dir.path, "folder"));
    await refusesUntouched(join(dir.path, "folder"), "EISDIR");
    await refusesUntouched(join(dir.path, "none", "ao.db"), "ENOENT");
    await refusesUntouched(join(path, "ao.db"), "ENOTDIR");
  });

  test("that is damaged is refused with what SQLite says and stays as it is", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    await makeDatabase(path);
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 0xab)]));
    await refusesUntouched(path, /malformed|not a database/);
    writeFileSync(path, bytes.subarray(0, 3000));
    await refusesUntouched(path, "middle of a page");
  });

  test("that may not be written is refused and stays as it is", async () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    await makeDatabase(path);
    chmodSync(path, 0o400);
    chmodSync(dir.path, 0o555);
    try {
      await refusesUntouched(path, "EACCES", failureOfOrdinaryUser);
      await refusesUntouched(join(dir.path, "new.db"), "EACCES", failureOfOrdinaryUser);
    } finally {
      chmodSync(dir.path, 0o700);
    }
    assert.is(statSync(path).mode & 0o777, 0o400);
  });

  test("a full disk fails the commit as a whole, and the next one works", () => {
    using dir = tempDir();
    const path = join(dir.path, "ao.db");
    const program = `
      import { createStore } from ${JSON.stringify(STORE_MODULE)};
      import { logged, seed } from ${JSON.stringify(SAMPLES_MODULE)};
      process.on("SIGXFSZ", () => undefined);
      const store = await createStore({ databasePath: ${JSON.stringify(path)} });
      await seed(store);
      const many = Array.from({ length: 20000 }, (_, n) => logged("s" + n, "shop-1"));
      const error = await store.commit({ signals: many }).catch((thrown) => thrown);
      await store.commit({ signals: [logged("small", "shop-1")] });
      const kept = await store.listSignals({ limit: 5, newestFirst: false });
      console.log(JSON.stringify([error.reason, kept.map((row) => row.signal.id)]));
      await store.close();`;
    // A limit of 1 MiB per file: the write-ahead log cannot grow past it.
    const args = [
      "-c",
      'ulimit -f 2048; exec "$@"',
      "sh",
      process.execPath,
      "--input-type=module",
      "-e",
      program,
    ];
    const run = spawnSync("sh", args, { encoding: "utf8" });
    assert.is(run.stdout, '["DATABASE_UNUSABLE",["small"]]\n', run.stderr);
  });

  test("after close every call is refused, and closing again does nothing", async () => {
    using dir = tempDir();
    const store = await createStore({ databasePath: join(dir.path, "ao.db") });
    const last = store.listHarnesses();
    await store.close();
    await store.close();
    assert.equal(await last, []);
    assert.match(String(await store.listHarnesses().catch((error: unknown) => error)), "closed");
    assert.equal(readdirSync(dir.path), ["ao.db"]);
  });
});
