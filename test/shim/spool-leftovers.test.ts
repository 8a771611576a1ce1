import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { sweepLeftovers } from "../../src/shim/spool-leftovers.ts";
import { silentLog } from "../../src/util/log.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { deadPid } from "./shim-home.ts";

const MINUTE = 60_000;

suite("leftovers of the spool", ({ test }) => {
  test("old records of killed writers go; fresh ones, living writers', signals and others' files stay", () => {
    using dir = tempDir();
    const gone = deadPid;
    const put = (name: string, minutesOld: number) => {
      const path = join(dir.path, name);
      writeFileSync(path, "{}");
      const time = (Date.now() - minutesOld * MINUTE) / 1000;
      utimesSync(path, time, time);
    };
    put(`.la.${gone}`, 11);
    put(`.lb.${gone}`, 9);
    put(`.lc.${process.pid}`, 60);
    put(`ld.${gone}-0.Stop`, 60);
    put(".rejected-notes", 60);
    // From before the clock was set back.
    put(`.le.${gone}`, -60);
    assert.is(sweepLeftovers({ dir: dir.path, now: Date.now, log: silentLog }), 2);
    assert.equal(
      readdirSync(dir.path).sort(),
      [`.lb.${gone}`, `.lc.${process.pid}`, ".rejected-notes", `ld.${gone}-0.Stop`].sort(),
    );
  });

  test("a spool that is not there has none", () => {
    using dir = tempDir();
    const missing = join(dir.path, "missing");
    assert.is(sweepLeftovers({ dir: missing, now: Date.now, log: silentLog }), 0);
  });
});
