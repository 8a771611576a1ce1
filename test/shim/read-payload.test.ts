import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { MAX_PAYLOAD_BYTES, readPayload } from "../../src/shim/read-payload.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { deadPid } from "./shim-home.ts";

/** A writer that lives: this process. */
const LIVE = process.pid;

suite("read payload", ({ test }) => {
  test("a closed object is whole although its writer lives, and no proper head of one is", () => {
    using dir = tempDir();
    const path = join(dir.path, "f");
    const whole = JSON.stringify({ a: { b: ["}", '"'] }, c: "é{}" });
    const bytes = Buffer.from(whole);
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      const reading = readPayload(path, { writerPid: LIVE, now: Date.now() });
      assert.is(reading.state, length === bytes.length ? "complete" : "unfinished", String(length));
    }
  });

  test("no head of any object passes for whole", () => {
    using dir = tempDir();
    const path = join(dir.path, "f");
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (object, part) => {
          const bytes = Buffer.from(JSON.stringify(object));
          writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * part)));
          assert.is(readPayload(path, { writerPid: LIVE, now: Date.now() }).state, "unfinished");
        },
      ),
    );
  });

  test("what a writer left half-way is whole when the writer is gone, or quiet for 5 s", () => {
    using dir = tempDir();
    const path = join(dir.path, "f");
    writeFileSync(path, '{"a":');
    const now = Date.now();
    assert.is(readPayload(path, { writerPid: LIVE, now }).state, "unfinished");
    assert.is(readPayload(path, { writerPid: deadPid, now }).state, "unfinished", "it may be a container's");
    utimesSync(path, new Date(), new Date(now - 100));
    assert.is(readPayload(path, { writerPid: LIVE, now }).state, "unfinished");
    assert.equal(readPayload(path, { writerPid: deadPid, now }), {
      state: "complete",
      text: '{"a":',
      bytes: 5,
    });
    utimesSync(path, new Date(), new Date(now - 6000));
    assert.is(readPayload(path, { writerPid: LIVE, now }).state, "complete");
  });

  test("text that is no object says nothing about its end", () => {
    using dir = tempDir();
    const path = join(dir.path, "f");
    for (const text of ["", "12", '"a"', "[1]", "true", "not json"]) {
      writeFileSync(path, text);
      assert.is(readPayload(path, { writerPid: LIVE, now: Date.now() }).state, "unfinished", text);
    }
  });

  test("reads 1 MiB of a longer file", () => {
    using dir = tempDir();
    const path = join(dir.path, "f");
    writeFileSync(path, "");
    truncateSync(path, MAX_PAYLOAD_BYTES + 1);
    const reading = readPayload(path, { writerPid: deadPid, now: Date.now() + 1000 });
    assert.is(reading.state === "complete" && reading.bytes, MAX_PAYLOAD_BYTES);
  });

  test("never follows a link, never waits for a pipe", async () => {
    using dir = tempDir();
    const at = (name: string) => join(dir.path, name);
    writeFileSync(at("target"), "{}");
    symlinkSync(at("target"), at("link"));
    mkdirSync(at("dir"));
    const made = spawn("mkfifo", [at("pipe")]);
    await new Promise((done) => made.on("close", done));
    for (const name of ["link", "dir", "pipe"])
      assert.is(readPayload(at(name), { writerPid: deadPid, now: Date.now() }).state, "unusable", name);
    assert.equal(readPayload(at("none"), { writerPid: deadPid, now: Date.now() }), { state: "gone" });
  });

  test("a writer that has ended and was not yet waited for is gone", async () => {
    using dir = tempDir();
    const path = join(dir.path, "f");
    writeFileSync(path, "not json");
    // The outer shell stops being a parent that waits: its child stays a zombie as long as `sleep` lives.
    // It ends after the shell has become `sleep`, for a shell may wait for it before.
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 30"]);
    const zombie = await new Promise<string>((done) =>
      parent.stdout.once("data", (data) => done(String(data).trim())),
    );
    await eventually(
      () => readPayload(path, { writerPid: Number(zombie), now: Date.now() }).state === "complete",
    );
    assert.ok(process.kill(Number(zombie), 0), "it is still there");
    parent.kill();
  });
});
