import { linkSync, mkdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../../support/eventually.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { eachTold, LAUNCH_TIME, ME, watchLaunch } from "./watched-launch.ts";

const SESSION = "fd73dcd4-e5b6-4206-ac1a-104af10a3795";

/** Writes a status as the agent does: in place. */
function write(configDir: string, status: string, changed: Record<string, unknown> = {}): void {
  const pid = changed.pid ?? ME.pid;
  const text = JSON.stringify({
    pid,
    sessionId: SESSION,
    startedAt: LAUNCH_TIME + 10,
    procStart: String(ME.startTicks),
    status,
    updatedAt: LAUNCH_TIME + 100,
    statusUpdatedAt: LAUNCH_TIME + 100,
    ...changed,
  });
  writeFileSync(join(configDir, "sessions", `${pid}.json`), text);
}

function configDir() {
  const dir = tempDir();
  mkdirSync(join(dir.path, "sessions"));
  return dir;
}

const claude = (dir: string) => ({ harness: "claude-code" as const, witness: { configDir: dir }, agent: ME });

suite("claude witness", ({ test }) => {
  test("tells each state as the file changes, without a poll", async () => {
    using dir = configDir();
    write(dir.path, "idle");
    using launch = watchLaunch(claude(dir.path));
    const at = (ms: number) => ({ statusUpdatedAt: LAUNCH_TIME + ms });
    await eachTold(launch, [
      () => write(dir.path, "busy", at(200)),
      () => write(dir.path, "waiting", { ...at(300), waitingFor: "permission prompt" }),
      () => write(dir.path, "busy", at(400)),
      () => write(dir.path, "idle", at(500)),
    ]);
    assert.equal(launch.words(), [
      "witness_idle",
      "witness_active:no_dialog",
      "witness_blocked:permission",
      "witness_active:no_dialog",
      "witness_idle",
    ]);
    assert.equal(launch.said[1], {
      id: `w-claude-${LAUNCH_TIME + 200}-busy`,
      launchId: "l1",
      seq: 0,
      observedTime: LAUNCH_TIME + 200,
      kind: "witness",
      harness: "claude-code",
      event: "witness_active",
      fields: { nativeSessionId: SESSION, pid: ME.pid, type: "no_dialog" },
    });
  });

  test("a torn file is read again soon, also when no event says that it is whole", async () => {
    using dir = configDir();
    const clock = createManualClock(LAUNCH_TIME);
    const waits: number[] = [];
    const after = (ms: number, callback: () => void) => {
      waits.push(ms);
      return clock.after(ms, callback);
    };
    write(dir.path, "busy");
    const path = join(dir.path, "sessions", `${ME.pid}.json`);
    const whole = readFileSync(path);
    truncateSync(path, 60);
    // A write through another name gives no event in the watched directory.
    linkSync(path, join(dir.path, "unwatched"));
    using launch = watchLaunch({ ...claude(dir.path), clock: { ...clock, after } });
    await eventually(() => waits.includes(20), { what: "a look that met the torn file" });
    writeFileSync(join(dir.path, "unwatched"), whole);
    clock.advance(20);
    await eventually(() => launch.said.length > 0);
    assert.equal(launch.words(), ["witness_active:no_dialog"]);
  });

  test("a change without an event is found by the poll", async () => {
    using dir = configDir();
    const clock = createManualClock(LAUNCH_TIME);
    write(dir.path, "idle");
    const path = join(dir.path, "sessions", `${ME.pid}.json`);
    linkSync(path, join(dir.path, "unwatched"));
    using launch = watchLaunch({ ...claude(dir.path), clock });
    await eventually(() => launch.said.length === 1);
    const text = readFileSync(path, "utf8").replaceAll(String(LAUNCH_TIME + 100), String(LAUNCH_TIME + 200));
    writeFileSync(join(dir.path, "unwatched"), text);
    clock.advance(1000);
    await eventually(() => launch.said.length === 2);
  });

  test("a directory that comes into being later is found by the poll", async () => {
    using dir = tempDir();
    const clock = createManualClock(LAUNCH_TIME);
    using launch = watchLaunch({ ...claude(dir.path), clock });
    mkdirSync(join(dir.path, "sessions"));
    write(dir.path, "idle");
    clock.advance(1000);
    await eventually(() => launch.said.length === 1);
    write(dir.path, "busy", { statusUpdatedAt: LAUNCH_TIME + 200 });
    await eventually(() => launch.said.length === 2, { what: "a change event in the new directory" });
  });

  test("a directory that is replaced is watched anew", async () => {
    using dir = configDir();
    const clock = createManualClock(LAUNCH_TIME);
    write(dir.path, "idle");
    using launch = watchLaunch({ ...claude(dir.path), clock });
    await eventually(() => launch.said.length === 1);
    rmSync(join(dir.path, "sessions"), { recursive: true });
    mkdirSync(join(dir.path, "sessions"));
    write(dir.path, "busy", { statusUpdatedAt: LAUNCH_TIME + 200 });
    clock.advance(1000);
    await eventually(() => launch.said.length === 2);
    write(dir.path, "idle", { statusUpdatedAt: LAUNCH_TIME + 300 });
    await eventually(() => launch.said.length === 3, { what: "a change event in the replaced directory" });
  });

  test("the file of an earlier process with this pid is no evidence, nor is another's", async () => {
    using dir = configDir();
    write(dir.path, "waiting", { procStart: String(ME.startTicks - 1), waitingFor: "permission prompt" });
    write(dir.path, "busy", { pid: ME.pid + 1 });
    using launch = watchLaunch(claude(dir.path));
    launch.hint({ fields: {} });
    write(dir.path, "idle", { statusUpdatedAt: LAUNCH_TIME + 200 });
    await eventually(() => launch.said.length > 0);
    assert.equal(launch.words(), ["witness_idle"]);
  });

  test("garbage, a directory or a flood in the file's place is no evidence and ends nothing", async () => {
    using dir = configDir();
    const path = join(dir.path, "sessions", `${ME.pid}.json`);
    mkdirSync(path);
    using launch = watchLaunch(claude(dir.path));
    rmSync(path, { recursive: true });
    for (const text of ["\u0000\u0000", "[]", "null", "7", '{"status":"busy"}', " ".repeat(1_000_000)]) {
      writeFileSync(path, text);
    }
    write(dir.path, "busy");
    await eventually(() => launch.said.length > 0);
    assert.equal(launch.words(), ["witness_active:no_dialog"]);
  });

  test("the pid may come after the start, from the launcher's record", async () => {
    using dir = configDir();
    write(dir.path, "busy");
    using launch = watchLaunch({ harness: "claude-code", witness: { configDir: dir.path } });
    launch.hint({ kind: "hook", event: "Stop", fields: { pid: ME.pid } });
    launch.hint({
      kind: "process",
      event: "ao-process-started",
      fields: { pid: ME.pid, pidStartTicks: ME.startTicks },
    });
    await eventually(() => launch.said.length === 1);
  });

  test("an agent behind a wrapper is found by the conversation its hooks name", async () => {
    using dir = configDir();
    write(dir.path, "busy");
    using launch = watchLaunch({ ...claude(dir.path), agent: { pid: 1, startTicks: 1 } });
    launch.hint({ fields: { nativeSessionId: "a-subagent", agentId: "a1" } });
    launch.hint({ fields: { nativeSessionId: SESSION } });
    await eventually(() => launch.said.length === 1);
    assert.is(launch.said[0]?.fields.pid, ME.pid);
  });

  test("a stale file of the same conversation is not taken for the agent behind a wrapper", async () => {
    using dir = configDir();
    write(dir.path, "busy", { startedAt: LAUNCH_TIME - 60_000 });
    write(dir.path, "busy", { pid: 1, procStart: "1" });
    using launch = watchLaunch({ ...claude(dir.path), agent: { pid: 1, startTicks: 2 } });
    launch.hint({ fields: { nativeSessionId: SESSION } });
    write(dir.path, "busy", { pid: 1, procStart: "2", statusUpdatedAt: LAUNCH_TIME + 300 });
    await eventually(() => launch.said.length === 1);
    assert.is(launch.said[0]?.observedTime, LAUNCH_TIME + 300);
  });

  test("a turn that goes on is confirmed every 45 s while its process runs", async () => {
    using dir = configDir();
    const clock = createManualClock(LAUNCH_TIME + 100);
    write(dir.path, "busy");
    using launch = watchLaunch({ ...claude(dir.path), clock });
    await eventually(() => launch.said.length === 1);
    clock.advance(44_000);
    clock.advance(1_000);
    await eventually(() => launch.said.length === 2);
    clock.advance(45_000);
    await eventually(() => launch.said.length === 3);
    assert.equal(launch.words(), [
      "witness_active:no_dialog",
      "witness_active:lease",
      "witness_active:lease",
    ]);
    assert.equal(
      launch.said.map((signal) => signal.observedTime - LAUNCH_TIME),
      [100, 45_100, 90_100],
    );
    assert.is(new Set(launch.said.map((signal) => signal.id)).size, 3);
  });

  test("no lease is confirmed for a dead process, an idle one, or an open dialog", async () => {
    for (const [status, procStart] of [
      ["busy", "1"],
      ["idle", String(ME.startTicks)],
      ["waiting", String(ME.startTicks)],
    ] as const) {
      using dir = configDir();
      using control = configDir();
      const clock = createManualClock(LAUNCH_TIME + 100);
      write(control.path, "busy");
      write(dir.path, status, { procStart });
      using launch = watchLaunch({
        ...claude(dir.path),
        agent: { pid: ME.pid, startTicks: Number(procStart) },
        clock,
      });
      using confirmed = watchLaunch({ ...claude(control.path), clock });
      await eventually(() => launch.said.length === 1 && confirmed.said.length === 1);
      clock.advance(46_000);
      await eventually(() => confirmed.said.length === 2);
      write(dir.path, "idle", { procStart, statusUpdatedAt: LAUNCH_TIME + 200 });
      await eventually(() => launch.said.length === 2);
      assert.is(launch.words()[1], "witness_idle");
    }
  });

  test("says nothing after its end, and nothing twice", async () => {
    using dir = configDir();
    write(dir.path, "busy");
    const ended = watchLaunch(claude(dir.path));
    ended[Symbol.dispose]();
    using launch = watchLaunch(claude(dir.path));
    await eventually(() => launch.said.length === 1);
    utimesSync(join(dir.path, "sessions", `${ME.pid}.json`), 1, 1);
    write(dir.path, "busy", { updatedAt: LAUNCH_TIME + 150, name: "renamed" });
    write(dir.path, "idle", { statusUpdatedAt: LAUNCH_TIME + 200 });
    await eventually(() => launch.words().at(-1) === "witness_idle");
    assert.is(launch.said.length, 2);
    assert.is(ended.said.length, 0);
  });

  test("without a config directory it stays silent", () => {
    using launch = watchLaunch({ harness: "claude-code", witness: {}, agent: ME });
    launch.hint({ fields: {} });
    assert.is(launch.said.length, 0);
  });
});
