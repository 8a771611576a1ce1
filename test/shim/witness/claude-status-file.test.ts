import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createClaudeStatusFile } from "../../../src/shim/witness/claude-status-file.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";

const text = (at: number) => JSON.stringify({ pid: 7, status: "busy", statusUpdatedAt: at });

suite("claude status file", ({ test }) => {
  test("is opened again only when it has changed, has just changed, or on demand", async () => {
    using dir = tempDir();
    const path = join(dir.path, "7.json");
    const clock = createManualClock(1_800_000_000_000);
    const file = createClaudeStatusFile(path, clock);
    const read = async (always = false) => (await file.read({ always })).kind;
    assert.is(await read(), "absent");
    writeFileSync(path, text(1));
    const written = clock.now() / 1000;
    utimesSync(path, written, written);
    assert.is(await read(), "status");
    assert.is(await read(), "status", "another rewrite may have the same mtime");
    clock.advance(1000);
    assert.is(await read(), "status");
    assert.is(await read(), "unchanged");
    assert.is(await read(true), "status");
    writeFileSync(path, text(2));
    assert.is(await read(), "status");
  });

  test("a torn file is read again although it looks unchanged", async () => {
    using dir = tempDir();
    const path = join(dir.path, "7.json");
    writeFileSync(path, text(1).slice(0, 9));
    utimesSync(path, 1, 1);
    const file = createClaudeStatusFile(path, createManualClock());
    assert.is((await file.read({ always: false })).kind, "torn");
    assert.is((await file.read({ always: false })).kind, "torn");
  });

  test("anything but a small regular file says nothing", async () => {
    using dir = tempDir();
    const clock = createManualClock();
    mkdirSync(join(dir.path, "7.json"));
    writeFileSync(join(dir.path, "8.json"), text(1).padEnd(100_000));
    for (const name of ["7.json", "8.json"]) {
      const reading = await createClaudeStatusFile(join(dir.path, name), clock).read({ always: true });
      assert.is(reading.kind, "nothing", name);
    }
  });
});
