import { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { readLines } from "../../../src/shim/witness/read-lines.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";

/** Reads a file as it grows: each length in turn, going on where the last reading stopped. */
async function follow(content: Buffer, lengths: readonly number[]): Promise<string[]> {
  using dir = tempDir();
  const path = join(dir.path, "f");
  writeFileSync(path, content);
  await using file = await open(path, "r");
  const lines: string[] = [];
  let from = 0;
  for (const to of lengths) from = await readLines(file, { from, to }, (line) => lines.push(line));
  return lines;
}

suite("read lines", ({ test }) => {
  test("gives each line once, however the file grows", async () => {
    const line = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.array(fc.nat({ max: 2000 })),
        fc.constantFrom("\n", "\r\n"),
        async (lines, cuts, end) => {
          const content = Buffer.from(lines.map((one) => one + end).join(""));
          const lengths = [
            ...cuts.filter((cut) => cut < content.length).sort((a, b) => a - b),
            content.length,
          ];
          assert.equal(await follow(content, lengths), lines);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("an unfinished line waits", async () => {
    const content = Buffer.from("one\ntwo");
    assert.equal(await follow(content, [5, 6, 7]), ["one"]);
  });

  test("a line across many chunks is whole, one over 1 MiB is left out", async () => {
    const long = "é".repeat(100_000);
    const flood = "x".repeat(3_000_000);
    const content = Buffer.from(`a\n${long}\n${flood}\nb\n${"y".repeat(2_000_000)}`);
    assert.equal(await follow(content, [content.length]), ["a", long, "b"]);
  });

  test("an unfinished line too long to wait for is passed over", async () => {
    const head = "x".repeat(1_500_000);
    const content = Buffer.from(`${head}rest\nb\n`);
    assert.equal(await follow(content, [head.length, content.length]), ["rest", "b"]);
  });
});
