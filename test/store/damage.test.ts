import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { AoError } from "../../src/core/errors.ts";
import type { Store } from "../../src/core/ports/store.ts";
import { createStore } from "../../src/store/store.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { change, launch, logged, seed, session } from "./samples.ts";

const SESSIONS = 60;
const PAGE_BYTES = 4096;

/** A database in use: sessions, launches, and what happened to them. */
async function populate(store: Store): Promise<void> {
  await seed(store);
  for (let n = 1; n <= SESSIONS; n += 1) {
    const one = session(`shop-${n}`, { revision: n, labels: { round: String(n) } });
    const signals = Array.from({ length: 8 }, (_, index) =>
      logged(`${n}-${index}`, one.id, { of: { fields: { toolName: "Bash", prompt: "x".repeat(50) } } }),
    );
    const launches = [launch(one.facts.launchId, one.id)];
    await store.commit({ sessions: [one], launches, signals, changes: [change(n, one)] });
  }
}

/** Makes the database of a process that was killed: what was committed stands in the write-ahead log. */
async function makeKilled(path: string): Promise<void> {
  const live = `${path}.live`;
  const store = await createStore({ databasePath: live });
  await populate(store);
  for (const end of ["", "-wal"]) copyFileSync(live + end, path + end);
  await store.close();
  rmSync(live);
}

/** Digests of the file and its write-ahead log; an empty log is none. */
const files = (path: string) =>
  ["", "-wal"].map((end) => {
    const content = existsSync(path + end) ? readFileSync(path + end) : "";
    return content.length > 0 ? createHash("sha256").update(content).digest("hex") : "nothing";
  });

/** Every read there is, so that damage anywhere is met. */
async function readAll(store: Store): Promise<void> {
  await store.listHarnesses();
  await store.listProjects({ limit: 500 });
  const { rows } = await store.listSessions({ limit: 500 });
  await store.getSessions(await store.listSessionIds());
  for (const { id } of rows) await store.listLaunches(id);
  await store.listSignals({ limit: 10_000, newestFirst: false });
  await store.listChanges({ after: 0, limit: 10_000 });
}

/** Opens and reads a file; "whole", "refused" when it did not open and is as it was, "read" when a read told. */
async function judge(path: string): Promise<"whole" | "refused" | "read"> {
  const before = files(path);
  let store: Store;
  try {
    store = await createStore({ databasePath: path });
  } catch (error) {
    assert.ok(
      error instanceof AoError && ["DATABASE_UNUSABLE", "SCHEMA_TOO_NEW"].includes(error.reason),
      `opening said ${String(error)}`,
    );
    assert.equal(files(path), before, "the files were changed");
    return "refused";
  }
  try {
    await readAll(store);
    return "whole";
  } catch (error) {
    assert.ok(error instanceof AoError && error.reason === "DATABASE_UNUSABLE", `reading said ${error}`);
    return "read";
  } finally {
    await store.close();
  }
}

suite("a damaged database", ({ test, before, after }) => {
  const dir = tempDir();
  const sound = join(dir.path, "sound.db");
  const killed = join(dir.path, "killed.db");
  let number = 0;
  before(async () => {
    const store = await createStore({ databasePath: sound });
    await populate(store);
    await store.close();
    await makeKilled(killed);
  });
  after(() => dir[Symbol.dispose]());

  /** A copy to damage. */
  const copyOf = (source: string) => {
    number += 1;
    const path = join(dir.path, `${number}.db`);
    for (const end of ["", "-wal"]) if (existsSync(source + end)) copyFileSync(source + end, path + end);
    return path;
  };
  const withBytes = (path: string, at: number, bytes: Uint8Array) => {
    const content = readFileSync(path);
    content.set(bytes.subarray(0, Math.max(0, content.length - at)), at);
    writeFileSync(path, content);
  };
  const place = fc.double({ min: 0, max: 0.999999, noNaN: true });
  const garbage = fc.uint8Array({ minLength: 1, maxLength: 4096 });

  test("wherever bytes are wrong: refused and left alone, or told when they are read; never anything else", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(place, garbage, async (where, bytes) => {
        const path = copyOf(sound);
        withBytes(path, Math.floor(where * readFileSync(path).length), bytes);
        seen.add(await judge(path));
        rmSync(path);
      }),
      { numRuns: 60 },
    );
    assert.ok(seen.has("refused"), [...seen].join());
  });

  test("a page that is gone is found before anything is written, whichever it is", async () => {
    const size = readFileSync(sound).length;
    assert.ok(size >= 20 * PAGE_BYTES);
    for (let at = 0; at < size; at += PAGE_BYTES) {
      const path = copyOf(sound);
      withBytes(path, at, Buffer.alloc(PAGE_BYTES, 0xab));
      assert.is(await judge(path), "refused", `page ${at / PAGE_BYTES}`);
      rmSync(path);
    }
  });

  test("wherever a file ends too early it is refused and left alone", async () => {
    await fc.assert(
      fc.asyncProperty(place, async (where) => {
        const path = copyOf(sound);
        const size = Math.floor(where * readFileSync(path).length);
        truncateSync(path, size);
        assert.is(await judge(path), "refused", `cut at ${size}`);
      }),
      { numRuns: 25 },
    );
  });

  test("a file whose making was interrupted is made anew; one that lost its content is not", async () => {
    const empty = join(dir.path, "empty.db");
    writeFileSync(empty, "");
    assert.is(await judge(empty), "refused");
    writeFileSync(`${empty}.new`, "");
    assert.is(await judge(empty), "whole");
    assert.not(existsSync(`${empty}.new`));
    truncateSync(empty);
    assert.is(await judge(empty), "refused");
  });

  test("what a killed process has committed is read from its write-ahead log", async () => {
    const store = await createStore({ databasePath: copyOf(killed) });
    assert.is((await store.revisions()).head, SESSIONS);
    await store.close();
  });

  test("the tail of a write-ahead log that a crash tore is no damage, nor is what an earlier round left in it", async () => {
    const torn = copyOf(killed);
    truncateSync(`${torn}-wal`, readFileSync(`${torn}-wal`).length - 1000);
    appendFileSync(`${torn}-wal`, Buffer.alloc(9000, 0xab));
    const store = await createStore({ databasePath: torn });
    assert.is((await store.revisions()).head, SESSIONS - 1);
    await store.close();

    const reused = copyOf(sound);
    const live = await createStore({ databasePath: reused });
    const one = session("shop-1", { name: "x" });
    for (let n = 0; n < 30; n += 1) await live.commit({ sessions: [one] });
    const other = new Sqlite(reused);
    other.pragma("wal_checkpoint(restart)");
    other.close();
    await live.commit({ sessions: [{ ...one, name: "after the checkpoint" }] });
    const copy = copyOf(reused);
    await live.close();
    const again = await createStore({ databasePath: copy });
    assert.is((await again.getSession("shop-1"))?.name, "after the checkpoint");
    await again.close();
  });

  test("a write-ahead log with wrong bytes before later commits is refused, not dropped", async () => {
    const size = readFileSync(`${killed}-wal`).length;
    for (const [where, bytes] of [
      [0, Buffer.from([1])],
      [9, Buffer.from([0xff])],
      [Math.floor(size / 3), Buffer.from([0xff, 0, 0xff])],
      [0, Buffer.alloc(size, 0xab)],
    ] as const) {
      const path = copyOf(killed);
      withBytes(`${path}-wal`, where, bytes);
      assert.is(await judge(path), "refused", `at ${where}`);
    }
    const short = copyOf(killed);
    truncateSync(`${short}-wal`, 20);
    assert.is(await judge(short), "refused");
    const folder = copyOf(sound);
    mkdirSync(`${folder}-wal`);
    const error = await createStore({ databasePath: folder }).catch((thrown: AoError) => thrown);
    assert.is((error as AoError).reason, "DATABASE_UNUSABLE", String(error));
  });

  test("the write-ahead log of a newer database beside an older copy is no way to lose both", async () => {
    const path = copyOf(killed);
    copyFileSync(sound, path);
    const before = files(path);
    const error = await createStore({ databasePath: path }).then(
      async (store) => {
        const problems = await store.integrityCheck();
        await store.close();
        return problems;
      },
      (thrown: AoError) => thrown,
    );
    // The two may fit together by chance: then nothing is wrong with what they say.
    if (error instanceof AoError) assert.equal(files(path), before);
    else assert.equal(error, []);
  });

  test("in a log of a large database damage is met when it is read, and the integrity check names it", async () => {
    const path = join(dir.path, "large.db");
    const store = await createStore({ databasePath: path });
    await seed(store);
    const fat = { fields: { prompt: "x".repeat(8000) } };
    for (let round = 0; round < 5; round += 1) {
      const signals = Array.from({ length: 1000 }, (_, n) => logged(`${round}-${n}`, "shop-1", { of: fat }));
      await store.commit({ signals });
    }
    assert.equal(await store.integrityCheck(), []);
    await store.close();
    const bytes = readFileSync(path);
    assert.ok(bytes.length > 32 * 1024 * 1024);
    bytes.fill(0xab, bytes.length / 2, bytes.length / 2 + 40_000);
    writeFileSync(path, bytes);
    const damaged = await createStore({ databasePath: path });
    assert.ok((await damaged.integrityCheck()).length > 0);
    const reading = damaged.listSignals({ limit: 10_000, newestFirst: false });
    const error = await reading.catch((thrown: unknown) => thrown);
    assert.is((error as AoError).reason, "DATABASE_UNUSABLE", String(error));
    await damaged.close();
  });
});
