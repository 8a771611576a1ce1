import { spawn } from "node:child_process";
import { mkdtempSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import * as assert from "uvu/assert";
import { createSpool } from "../../src/shim/spool.ts";
import { compareSpoolFiles, parseSpoolName, type SpoolFile } from "../../src/shim/spool-file.ts";
import { watchSpool } from "../../src/shim/spool-watch.ts";
import { systemClock } from "../../src/util/clock.ts";
import { silentLog } from "../../src/util/log.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const FILES = 8000;

suite("spool order", ({ test }) => {
  test(
    "a rescan of a large directory while files are made never takes a younger file before an older one",
    async () => {
      using dir = tempDir();
      // A directory of this size is read in several steps, and files are made between them.
      for (let i = 0; i < 3000; i++) writeFileSync(join(dir.path, `.filler-${i}-${"x".repeat(60)}`), "");
      const script = `const { writeFileSync } = require("node:fs");
        for (let i = 0; i < ${FILES}; i++) writeFileSync(process.argv[1] + "/l1.5000000-" + i + ".E", "{}");`;
      const writer = spawn(process.execPath, ["-e", script, dir.path], { stdio: "inherit" });
      const taken: number[] = [];
      try {
        while (taken.length < FILES) {
          assert.is(writer.signalCode, null);
          // Its first look at the directory is a rescan, what comes in the turns after it is told by the watch.
          const spool = createSpool({
            dir: dir.path,
            clock: systemClock(),
            log: silentLog,
            onReady: () => {},
          });
          for (let turn = 0; turn < 4; turn++) {
            for (const { file } of spool.take({ files: FILES, bytes: Number.POSITIVE_INFINITY })) {
              taken.push(file.n);
              spool.release(file.name);
            }
            await nextTurn();
          }
          spool.close();
        }
      } finally {
        writer.kill("SIGKILL");
      }
      const misplaced = taken.filter((n, index) => n !== index).slice(0, 5);
      assert.equal(misplaced, []);
    },
    { timeoutMs: 60_000 },
  );

  test("a rescan goes on finding files when the wall clock was set back", async () => {
    using dir = tempDir();
    const outside = tempDir();
    const told: string[] = [];
    // What a directory looks like after the clock was set back: changed long before the last look at it.
    const change = (name: string) => {
      const made = join(mkdtempSync(join(outside.path, "x")), name);
      writeFileSync(made, "{}");
      renameSync(made, join(dir.path, name));
      const past = new Date(Date.now() - 3_600_000);
      utimesSync(dir.path, past, past);
    };
    const watch = watchSpool({
      dir: dir.path,
      onName: (name) => void told.push(name),
      onRescan: (readNames) => void told.push(...readNames()),
      log: silentLog,
    });
    try {
      for (const name of ["a", "b"]) {
        change(name);
        const times = () => told.filter((one) => one === name).length;
        // Once by the watch, once by the rescan.
        await eventually(() => times() >= 2, { what: `${name} told by the rescan` });
      }
    } finally {
      watch.close();
      outside[Symbol.dispose]();
    }
  });

  test("a file whose hook has ended keeps back the next one, however slow that hook was and whatever it wrote", async () => {
    using dir = tempDir();
    let now = 0;
    const clock = { ...systemClock(), now: () => now };
    const spool = createSpool({ dir: dir.path, clock, log: silentLog, onReady: () => {} });
    const names = ["l1.5000000-0.Slow", "l1.5000000-1.Next"];
    const [slow, next] = names.map((name) => join(dir.path, name)) as [string, string];
    writeFileSync(slow, "this is no JSON");
    writeFileSync(next, "{}");
    // The slow hook wrote 150 ms after its start and ended; 10 ms later both are looked at.
    const wrote = Date.now() + 150;
    utimesSync(slow, wrote / 1000, wrote / 1000);
    try {
      await eventually(() => spool.waiting === 2);
      now = wrote + 10;
      const take = () => spool.take({ files: 10, bytes: 1000 }).map(({ file }) => file.name);
      assert.equal(take(), []);
      now = wrote + 60;
      assert.equal(take(), names);
    } finally {
      spool.close();
    }
  });

  test("files of one tick of the clock stand in the order of their pids, also when pids start over", () => {
    const file = (pid: number, n = 0): SpoolFile => {
      const parsed = parseSpoolName(`l1.${pid}-${n}.E`);
      if (!parsed) throw new Error("not a name of the spool");
      return { ...parsed, birthNs: 4_000_000n };
    };
    const sorted = (...pids: number[]) =>
      pids
        .map((pid) => file(pid))
        .sort(compareSpoolFiles)
        .map(({ pid }) => pid);
    assert.equal(sorted(302, 32_767, 300, 32_766), [32_766, 32_767, 300, 302]);
    assert.equal(sorted(99_998, 101), [99_998, 101]);
    assert.equal(sorted(4_194_303, 4_194_300, 301), [4_194_300, 4_194_303, 301]);
    assert.equal(sorted(5, 9, 7), [5, 7, 9]);
  });
});
