import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Config } from "@oclif/core/config";
import * as assert from "uvu/assert";
import { commandFiles } from "../../bin/command-files.mjs";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const ROOT = join(import.meta.dirname, "../..");
const MAIN = join(ROOT, "bin/cli-main.cjs");
const CACHE = `cli-${process.version}-${process.arch}.cache`;
/** Stands for the bundle: answers with its arguments, and asks for itself by its path as oclif does. */
const CLI = `
exports.runCli = async (argv) => {
  process.stdout.write([...argv, require(__filename) === exports, typeof require("node:fs").statSync].join(" "));
  return 7;
};
`;

function bundle(dir: string) {
  copyFileSync(MAIN, join(dir, "main.cjs"));
  writeFileSync(join(dir, "cli.cjs"), CLI);
  const cache = join(dir, CACHE);
  const run = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dir, "main.cjs"), "ls", "x"], {
      encoding: "utf8",
      timeout: 30_000,
    });
    assert.equal({ status, stdout, stderr }, { status: 7, stdout: "ls x true function", stderr: "" });
  };
  return { cache, run };
}

suite("compiled code of the CLI", ({ test }) => {
  test("the bundle has the commands the sources have", async () => {
    const { commandIDs } = await Config.load(ROOT);
    assert.equal(
      commandFiles(ROOT)
        .map(({ id }) => id)
        .sort(),
      [...commandIDs].sort(),
    );
  });

  test("is kept by the first command and left alone by the second", () => {
    using dir = tempDir();
    const { cache, run } = bundle(dir.path);
    run();
    const kept = readFileSync(cache);
    writeFileSync(`${cache}-before`, kept);
    run();
    assert.ok(readFileSync(cache).equals(kept));
    assert.equal(
      readdirSync(dir.path).sort(),
      ["cli.cjs", "main.cjs", CACHE, `${CACHE}-before`].sort(),
      "nothing half written is left",
    );
  });

  test("is compiled anew where it is damaged or another program's", () => {
    using dir = tempDir();
    const { cache, run } = bundle(dir.path);
    run();
    const kept = readFileSync(cache);
    for (const damage of [Buffer.alloc(0), Buffer.from("no code"), Buffer.alloc(kept.length, 1)]) {
      writeFileSync(cache, damage);
      run();
      assert.not.ok(readFileSync(cache).equals(damage));
    }
    writeFileSync(join(dir.path, "cli.cjs"), `${CLI}// longer\n`);
    run();
    assert.not.ok(readFileSync(cache).equals(kept));
  });

  test("is not missed where it cannot be kept", () => {
    using dir = tempDir();
    const { cache, run } = bundle(dir.path);
    mkdirSync(join(cache, "in the way"), { recursive: true });
    run();
    assert.equal(readdirSync(dir.path).sort(), ["cli.cjs", "main.cjs", CACHE].sort());
    rmSync(cache, { recursive: true });
    run();
    assert.ok(existsSync(cache));
  });
});
