import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../../support/eventually.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { eachTold, LAUNCH_TIME, ME, watchLaunch } from "./watched-launch.ts";

const SESSION = "1795363200500_5768j";

interface Change {
  session?: string;
  at?: number;
  pid?: number;
}

/** Writes a status as the agent does; `at` is ms after the launch. */
function write(dataDir: string, status: string, { session = SESSION, at = 100, pid = ME.pid }: Change = {}) {
  const path = fileOf(dataDir, session);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ session_id: session, pid, status }));
  const time = (LAUNCH_TIME + at) / 1000;
  utimesSync(path, time, time);
}

function fileOf(dataDir: string, session: string): string {
  return join(dataDir, "sessions", session, `${session}.json`);
}

const names = (nativeSessionId: string, observedTime = LAUNCH_TIME + 1) => ({
  event: "TaskStart",
  observedTime,
  fields: { nativeSessionId },
});
/** Late enough for all that is written here: a file from the future counts as written now. */
const late = () => createManualClock(LAUNCH_TIME + 60_000);
const cline = (dataDir: string) => ({
  harness: "cline" as const,
  witness: { dataDir },
  clock: late(),
  pollMs: 1000,
});

suite("cline witness", ({ test }) => {
  test("tells each state of the session a hook names, as its file changes, without a poll", async () => {
    using dir = tempDir();
    write(dir.path, "running");
    using launch = watchLaunch(cline(dir.path));
    launch.hint(names(SESSION));
    const statuses = ["pending", "running", "idle", "running", "idle"];
    const steps = statuses.map((status, index) => () => write(dir.path, status, { at: 200 + 100 * index }));
    await eachTold(launch, steps);
    assert.equal(launch.words(), [
      "witness_active",
      "witness_blocked:permission",
      "witness_active",
      "witness_idle",
      "witness_active",
      "witness_idle",
    ]);
    assert.equal(launch.said[1], {
      id: `w-cline-${LAUNCH_TIME + 200}-pending`,
      launchId: "l1",
      seq: 0,
      observedTime: LAUNCH_TIME + 200,
      kind: "witness",
      harness: "cline",
      event: "witness_blocked",
      fields: { nativeSessionId: SESSION, pid: ME.pid, type: "permission" },
    });
  });

  test("what is written again without a change of state is not told again", async () => {
    using dir = tempDir();
    using launch = watchLaunch(cline(dir.path));
    launch.hint(names(SESSION));
    write(dir.path, "running");
    write(dir.path, "running", { at: 200 });
    write(dir.path, "idle", { at: 300 });
    await eventually(() => launch.words().includes("witness_idle"));
    assert.ok(launch.said.length <= 2);
  });

  test("follows the session of the root, also after a clear, and no subagent's", async () => {
    using dir = tempDir();
    write(dir.path, "running");
    write(dir.path, "pending", { session: "1795363200600_child" });
    write(dir.path, "idle", { session: "1795363200700_next", at: 300 });
    using launch = watchLaunch(cline(dir.path));
    launch.hint(names(SESSION));
    launch.hint({ fields: { nativeSessionId: "1795363200600_child", parentSessionId: "agent_1" } });
    await eventually(() => launch.said.length === 1);
    launch.hint(names("1795363200700_next", LAUNCH_TIME + 10));
    await eventually(() => launch.said.length === 2);
    // A hook that comes late names a session that was left.
    launch.hint(names(SESSION, LAUNCH_TIME + 5));
    write(dir.path, "running", { session: "1795363200700_next", at: 400 });
    await eventually(() => launch.said.length === 3);
    assert.equal(launch.words(), ["witness_active", "witness_idle", "witness_active"]);
  });

  test("what an earlier process left in a resumed session is no evidence", async () => {
    using dir = tempDir();
    write(dir.path, "pending", { at: -5000 });
    using launch = watchLaunch(cline(dir.path));
    launch.hint(names(SESSION));
    write(dir.path, "running", { at: 50 });
    await eventually(() => launch.said.length === 1);
    assert.equal(launch.words(), ["witness_active"]);
  });

  test("a continued session that cline takes for failed, because another process began it, is not over", async () => {
    using dir = tempDir();
    const before = ME.pid + 1;
    using launch = watchLaunch({ ...cline(dir.path), agent: ME });
    launch.hint(names(SESSION));
    const statuses = ["running", "failed", "pending", "failed", "running", "idle"];
    for (const [index, status] of statuses.entries()) {
      const told = launch.said.length;
      write(dir.path, status, { at: 58_000 + 100 * index, pid: before });
      if (status !== "failed") await eventually(() => launch.said.length > told, { what: status });
    }
    write(dir.path, "running", { at: 58_900 });
    await eventually(() => launch.said.length === 5);
    write(dir.path, "failed", { at: 59_000 });
    await eventually(() => launch.said.length === 6);
    assert.equal(launch.words(), [
      "witness_active",
      "witness_blocked:permission",
      "witness_active",
      "witness_idle",
      "witness_active",
      "witness_idle",
    ]);
  });

  test("a shim that begins anew finds the session by its process", async () => {
    using dir = tempDir();
    write(dir.path, "pending", { session: "1795363200100_other", pid: 1 });
    write(dir.path, "idle", { session: "1795363200200_left", at: 50 });
    write(dir.path, "idle", { session: "1795363200300_old", at: -50 });
    write(dir.path, "pending", { at: 90 });
    using launch = watchLaunch({ ...cline(dir.path), agent: ME });
    await eventually(() => launch.said.length === 1);
    assert.equal(launch.words(), ["witness_blocked:permission"]);
  });

  test("garbage, a directory or a flood in the file's place is no evidence and ends nothing", async () => {
    using dir = tempDir();
    const path = fileOf(dir.path, SESSION);
    mkdirSync(path, { recursive: true });
    using launch = watchLaunch(cline(dir.path));
    launch.hint(names("../../etc/passwd"));
    launch.hint(names(SESSION));
    rmSync(path, { recursive: true });
    for (const text of ["\u0000", "[]", "null", "7", '{"status":"running"}', " ".repeat(2_000_000)])
      writeFileSync(path, text);
    writeFileSync(path, JSON.stringify({ session_id: "another", pid: ME.pid, status: "pending" }));
    write(dir.path, "running");
    await eventually(() => launch.said.length > 0);
    assert.equal(launch.words(), ["witness_active"]);
  });

  test("a turn that goes on is confirmed every 45 s while its process runs, a dialog is not", async () => {
    using dir = tempDir();
    const clock = late();
    write(dir.path, "running", { at: 60_000 });
    using launch = watchLaunch({ ...cline(dir.path), agent: ME, clock });
    await eventually(() => launch.said.length === 1);
    clock.advance(44_000);
    clock.advance(1_000);
    await eventually(() => launch.said.length === 2);
    write(dir.path, "pending", { at: 100_000 });
    await eventually(() => launch.said.length === 3);
    clock.advance(46_000);
    write(dir.path, "idle", { at: 110_000 });
    await eventually(() => launch.said.length === 4);
    assert.equal(launch.words(), [
      "witness_active",
      "witness_active:lease",
      "witness_blocked:permission",
      "witness_idle",
    ]);
  });

  test("without a data directory it stays silent", () => {
    using launch = watchLaunch({ harness: "cline", witness: {}, agent: ME });
    launch.hint(names(SESSION));
    assert.is(launch.said.length, 0);
  });
});
