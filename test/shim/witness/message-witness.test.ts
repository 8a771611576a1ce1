import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import * as assert from "uvu/assert";
import { eventually } from "../../support/eventually.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { LAUNCH_TIME, ME, type WatchedLaunch, watchLaunch } from "./watched-launch.ts";

interface Message {
  /** ms after the launch. */
  at: number;
  role?: string;
  completed?: number;
  finish?: string;
  error?: { name: string; data: { message: string } };
}

/** A database as Kilo Code keeps it, open in its owner's hands. */
function openDatabase(path: string) {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.exec(
    `create table session (id text primary key, parent_id text, directory text, time_updated integer);
     create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text)`,
  );
  return {
    /** Writes the message `id` of a conversation, new or again. */
    write(id: string, { at, role = "assistant", completed, finish, error }: Message, session = "ses_1") {
      const time = {
        created: LAUNCH_TIME + at,
        ...(completed && { completed: LAUNCH_TIME + completed }),
      };
      const data = JSON.stringify({ role, time, finish, error });
      const sql = "insert or replace into message values (?, ?, ?, ?, ?)";
      database.prepare(sql).run(id, session, LAUNCH_TIME + at, LAUNCH_TIME + at, data);
    },
    session(id: string, { parent = null as string | null, directory = "/w", at = 1 } = {}) {
      const sql = "insert into session values (?, ?, ?, ?)";
      database.prepare(sql).run(id, parent, directory, LAUNCH_TIME + at);
    },
    exec: (sql: string) => void database.exec(sql),
    [Symbol.dispose]: () => void database.close(),
  };
}

const named = { fields: { nativeSessionId: "ses_1" } };

suite("message witness", ({ test }) => {
  /** A watched launch whose clock goes on by hand. */
  function watched(path: string, harness: "kilocode" | "opencode" = "kilocode") {
    const clock = createManualClock(LAUNCH_TIME + 60_000);
    const launch = watchLaunch({
      harness,
      witness: { database: path },
      agent: ME,
      clock,
      pollMs: 1000,
    });
    return { clock, launch };
  }
  const becomes = (launch: WatchedLaunch, words: readonly string[]) =>
    eventually(() => launch.words().length >= words.length, { what: words.join(", ") }).then(() =>
      assert.equal(launch.words(), words),
    );
  const pass = async (clock: ReturnType<typeof createManualClock>, seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  test("tells a turn that began and ended, though no event did", async () => {
    using dir = tempDir();
    const path = join(dir.path, "kilo.db");
    using database = openDatabase(path);
    database.write("msg_1", { at: 59_000 });
    const { clock, launch } = watched(path);
    using _launch = launch;
    launch.hint(named);
    await becomes(launch, ["witness_active"]);
    database.write("msg_1", { at: 59_000, completed: 60_500, finish: "stop" });
    await pass(clock, 1);
    assert.equal(launch.words(), ["witness_active"], "something may follow");
    await pass(clock, 1);
    await becomes(launch, ["witness_active", "witness_idle"]);
    assert.is(launch.said[1]?.observedTime, LAUNCH_TIME + 60_500);
    assert.is(launch.said[1]?.id, `w-kilo-${LAUNCH_TIME + 60_500}-idle-msg_1`);
  });

  test("opencode keeps its messages alike", async () => {
    using dir = tempDir();
    const path = join(dir.path, "opencode.db");
    using database = openDatabase(path);
    database.write("msg_1", { at: 50_000, completed: 51_000, finish: "stop" });
    const { launch } = watched(path, "opencode");
    using _launch = launch;
    launch.hint(named);
    await becomes(launch, ["witness_active", "witness_idle"]);
    assert.is(launch.said[1]?.id, `w-opencode-${LAUNCH_TIME + 51_000}-idle-msg_1`);
  });

  test("between a tool and the next question to the model the turn goes on; after a denial nothing follows", async () => {
    using dir = tempDir();
    const path = join(dir.path, "kilo.db");
    using database = openDatabase(path);
    database.write("msg_1", { at: 58_000, completed: 60_000, finish: "tool-calls" });
    const { clock, launch } = watched(path);
    using _launch = launch;
    launch.hint(named);
    await pass(clock, 5);
    database.write("msg_2", { at: 65_000, completed: 66_000, finish: "tool-calls" });
    await pass(clock, 8);
    assert.equal(launch.words(), ["witness_active"]);
    await pass(clock, 4);
    await becomes(launch, ["witness_active", "witness_idle"]);
    assert.is(launch.said[1]?.observedTime, LAUNCH_TIME + 66_000);
  });

  test("tells an abort and a failure by their names", async () => {
    using dir = tempDir();
    const path = join(dir.path, "kilo.db");
    using database = openDatabase(path);
    const error = (name: string, message: string) => ({ name, data: { message } });
    database.write("msg_1", {
      at: 50_000,
      completed: 51_000,
      error: error("MessageAbortedError", "Aborted"),
    });
    const { clock, launch } = watched(path);
    using _launch = launch;
    launch.hint(named);
    await becomes(launch, ["witness_active", "turn_interrupted"]);
    database.write("msg_2", { at: 61_000, completed: 62_000, error: error("APIError", "no such model") });
    await pass(clock, 8);
    await becomes(launch, ["witness_active", "turn_interrupted", "witness_active", "turn_failed"]);
    assert.is(launch.said[3]?.fields.message, "no such model");
  });

  test("a prompt nobody answers yet, another conversation and an earlier launch are no evidence", async () => {
    using dir = tempDir();
    const path = join(dir.path, "kilo.db");
    using database = openDatabase(path);
    database.write("msg_0", { at: -5000 });
    database.write("msg_9", { at: 59_000 }, "ses_other");
    const { clock, launch } = watched(path);
    using _launch = launch;
    launch.hint(named);
    await pass(clock, 7);
    database.write("msg_1", { at: 66_000, role: "user" });
    await pass(clock, 7);
    assert.equal(launch.words(), []);
  });

  test("follows the root's conversation, not a subagent's; a shim that begins anew finds it by its worktree", async () => {
    using dir = tempDir();
    const path = join(dir.path, "kilo.db");
    using database = openDatabase(path);
    database.session("ses_old", { at: -9 });
    database.session("ses_1", { at: 20 });
    database.session("ses_child", { parent: "ses_1", at: 30 });
    database.session("ses_elsewhere", { directory: "/x", at: 40 });
    database.write("msg_1", { at: 59_000 });
    const { clock, launch } = watched(path);
    using _launch = launch;
    await becomes(launch, ["witness_active"]);
    database.write("msg_2", { at: 61_000, completed: 61_500, finish: "stop" }, "ses_child");
    launch.hint({ fields: { nativeSessionId: "ses_child", parentSessionId: "ses_1", agentId: "ses_child" } });
    await pass(clock, 6);
    assert.equal(launch.words(), ["witness_active"]);
  });

  test("a turn that goes on is confirmed every 45 s", async () => {
    using dir = tempDir();
    const path = join(dir.path, "kilo.db");
    using database = openDatabase(path);
    database.write("msg_1", { at: 60_000 });
    const { clock, launch } = watched(path);
    using _launch = launch;
    launch.hint(named);
    await becomes(launch, ["witness_active"]);
    await pass(clock, 44);
    assert.is(launch.said.length, 1);
    await pass(clock, 1);
    await becomes(launch, ["witness_active", "witness_active:lease"]);
  });

  test("no database, one that is none, one that is locked: no evidence, and nothing ends", async () => {
    using dir = tempDir();
    const path = join(dir.path, "kilo.db");
    const { clock, launch } = watched(path);
    using _launch = launch;
    launch.hint(named);
    await pass(clock, 2);
    writeFileSync(path, "no database".repeat(1000));
    await pass(clock, 7);
    rmSync(path);
    using database = openDatabase(path);
    database.exec("pragma locking_mode = exclusive; begin exclusive");
    database.write("msg_1", { at: 61_000 });
    await pass(clock, 7);
    assert.equal(launch.words(), []);
    database.exec("commit; pragma locking_mode = normal");
    database.write("msg_1", { at: 62_000 });
    await pass(clock, 7);
    await becomes(launch, ["witness_active"]);
  });
});
