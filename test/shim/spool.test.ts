import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as assert from "uvu/assert";
import { REJECTED_DIR } from "../../src/core/launch-manifest.ts";
import { createSpool, type Spool } from "../../src/shim/spool.ts";
import { systemClock } from "../../src/util/clock.ts";
import { type Log, silentLog } from "../../src/util/log.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { deadPid, makeHome } from "./shim-home.ts";

const LIMIT = { files: 100, bytes: 1e9 };

suite("spool", ({ test }) => {
  test("gives files oldest first, keeps them until they are released", async () => {
    using opened = open();
    const { spool, home } = opened;
    const names = [home.spool("lb", "A", {}), home.spool("la", "B", {}), home.spool("lb", "C", {})];
    const again = createSpool({
      dir: home.paths.spoolDir,
      clock: systemClock(),
      log: silentLog,
      onReady: () => {},
    });
    await eventually(() => again.waiting === 3);
    assert.equal(takeAll(again), names);
    assert.equal(home.spooled().sort(), [...names].sort());
    assert.equal(takeAll(again), []);
    for (const name of names) again.release(name);
    assert.equal(home.spooled(), []);
    again.close();
    spool.release(names[0] as string);
  });

  test("sees what comes without being asked, by rename and in place", async () => {
    using opened = open();
    const { spool, home } = opened;
    const renamed = home.spool("la", "Renamed", { a: 1 });
    await eventually(() => spool.waiting === 1);
    assert.equal(takeAll(spool), [renamed]);
    const inPlace = `la.${process.pid}-0.InPlace`;
    writeFileSync(join(home.paths.spoolDir, inPlace), '{"a":');
    await eventually(() => spool.waiting === 1);
    assert.equal(takeAll(spool), []);
    writeFileSync(join(home.paths.spoolDir, inPlace), '{"a":1}');
    const taken = await eventually(() => spool.take(LIMIT)[0]);
    assert.is(taken.text, '{"a":1}');
  });

  test("takes what the hook spools, whole, in the order the hooks started", async () => {
    using opened = open();
    const { spool, home } = opened;
    const payload = JSON.stringify({ text: "x".repeat(60_000) });
    const hook = (event: string) =>
      new Promise<void>((done) => {
        const child = spawn(resolve("bin/ao-hook"), ["claude-code", event], {
          env: { ...process.env, AO_SPOOL: home.paths.spoolDir, AO_LAUNCH_ID: "la" },
        });
        child.on("close", () => done());
        child.stdin.end(payload);
      });
    const taken: { event: string; text: string }[] = [];
    const poll = eventually(
      () => {
        for (const { file, text } of spool.take(LIMIT)) taken.push({ event: file.event, text });
        return taken.length === 20;
      },
      { everyMs: 1 },
    );
    for (let i = 0; i < 20; i++) await hook(`E${i}`);
    await poll;
    assert.equal(
      taken.map((one) => one.event),
      Array.from({ length: 20 }, (_, i) => `E${i}`),
    );
    assert.ok(taken.every((one) => one.text === payload));
  });

  test("a hook killed half-way is an event still", async () => {
    using opened = open();
    const { spool, home } = opened;
    const hook = spawn(resolve("bin/ao-hook"), ["codex", "Stop"], {
      env: { ...process.env, AO_SPOOL: home.paths.spoolDir, AO_LAUNCH_ID: "la" },
      detached: true,
    });
    hook.stdin.write('{"session_id":"s1","tool');
    await eventually(() => spool.waiting === 1);
    assert.equal(takeAll(spool), [], "its writer lives");
    await eventually(() => {
      const [name] = home.spooled();
      return name && opened.read(name).length > 0;
    });
    process.kill(-(hook.pid as number), "SIGKILL");
    const taken = await eventually(() => spool.take(LIMIT)[0]);
    assert.is(taken.file.event, "Stop");
    assert.is(taken.text, '{"session_id":"s1","tool');
  });

  test("an unfinished file keeps back younger ones of its launch, a moment long, and none of another's", async () => {
    using opened = open();
    const { spool, home } = opened;
    writeFileSync(join(home.paths.spoolDir, `la.${process.pid}-0.Slow`), "{");
    const other = home.spool("lb", "Other", {});
    const younger = home.spool("la", "Quick", {}, process.pid);
    const order: string[] = [];
    await eventually(
      () => {
        order.push(...takeAll(spool));
        return order.length === 2;
      },
      { everyMs: 1 },
    );
    assert.equal(order, [other, younger]);
    assert.is(spool.waiting, 1);
  });

  test("reads no payload before it is asked, and no more than it is asked for", async () => {
    using opened = open();
    const { spool, home } = opened;
    for (let i = 0; i < 50; i++) home.spool("la", `E${i}`, { text: "x".repeat(1000) });
    await eventually(() => spool.waiting === 50);
    assert.is(spool.take({ files: 7, bytes: 1e9 }).length, 7);
    assert.is(spool.take({ files: 50, bytes: 2500 }).length, 3);
    assert.is(spool.waiting, 40);
  });

  test("puts aside what is no signal, says so once and does not stumble over it again", async () => {
    using opened = open();
    const { spool, home, logged } = opened;
    const at = (name: string) => join(home.paths.spoolDir, name);
    writeFileSync(at("stranger.txt"), "hello");
    mkdirSync(at(`la.${deadPid}-90.Directory`));
    symlinkSync("/etc/passwd", at(`la.${deadPid}-91.Link`));
    const good = home.spool("la", "Good", {});
    await eventually(() => home.spooled().length === 1 && spool.waiting === 1);
    assert.equal(takeAll(spool), [good]);
    assert.is(readdirSync(at(REJECTED_DIR)).length, 3);
    assert.is(logged.length, 3);
  });

  test("a poison file that cannot be put aside is told once", async () => {
    using opened = open();
    const { spool, home, logged } = opened;
    writeFileSync(join(home.paths.spoolDir, REJECTED_DIR), "in the way");
    writeFileSync(join(home.paths.spoolDir, "stranger.txt"), "hello");
    await eventually(() => logged.length === 1);
    writeFileSync(join(home.paths.spoolDir, "stranger.txt"), "hello again");
    const good = home.spool("la", "Good", {});
    await eventually(() => spool.waiting === 1);
    assert.equal(takeAll(spool), [good]);
    assert.is(logged.length, 1);
  });

  test("makes a spool that was removed again, and sees what comes into it", async () => {
    using opened = open();
    const { spool, home } = opened;
    rmSync(home.paths.spoolDir, { recursive: true });
    await eventually(() => readdirSync(home.paths.spoolDir));
    const first = home.spool("la", "First", {});
    assert.equal(await eventually(() => nonEmpty(takeAll(spool))), [first]);
    // Replaced within a second by somebody else: another directory under the same name.
    renameSync(home.paths.spoolDir, `${home.paths.spoolDir}.old`);
    mkdirSync(home.paths.spoolDir);
    const second = home.spool("la", "Second", {});
    assert.equal(await eventually(() => nonEmpty(takeAll(spool))), [second]);
    const third = home.spool("la", "Third", {});
    assert.equal(await eventually(() => nonEmpty(takeAll(spool))), [third]);
  });

  test("a file that vanishes before it is read is forgotten", async () => {
    using opened = open();
    const { spool, home } = opened;
    const name = home.spool("la", "Gone", {});
    await eventually(() => spool.waiting === 1);
    rmSync(join(home.paths.spoolDir, name));
    assert.equal(takeAll(spool), []);
    assert.is(spool.waiting, 0);
  });

  test("an unreadable file is put aside, the others go on", async () => {
    if (process.getuid?.() === 0) return;
    using opened = open();
    const { spool, home } = opened;
    const bad = home.spool("la", "Bad", {});
    chmodSync(join(home.paths.spoolDir, bad), 0);
    const good = home.spool("la", "Good", {});
    await eventually(() => spool.waiting === 2);
    assert.equal(takeAll(spool), [good]);
    assert.equal(home.spooled(), [good]);
  });
});

function open() {
  const dir = tempDir();
  const home = makeHome(dir.path);
  const logged: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (_fields, message) => logged.push(message),
    error: (_fields, message) => logged.push(message),
  };
  const spool = createSpool({ dir: home.paths.spoolDir, clock: systemClock(), log, onReady: () => {} });
  return {
    spool,
    home,
    logged,
    read: (name: string) => home.readSpooled(name),
    [Symbol.dispose]() {
      spool.close();
      dir[Symbol.dispose]();
    },
  };
}

function takeAll(spool: Spool): string[] {
  return spool.take(LIMIT).map(({ file }) => file.name);
}

function nonEmpty(names: string[]): string[] | undefined {
  return names.length > 0 ? names : undefined;
}
