import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const WRAPPER = join(import.meta.dirname, "../../bin/ao");

/** An installation whose programs only say that they were called, around the real bin/ao. */
function installation(root: string) {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const program = (path: string, text: string) => {
    write(path, `#!/bin/sh\n${text}\n`);
    chmodSync(join(root, path), 0o755);
  };
  const node = (path: string, version: string) =>
    program(path, `[ "$1" = --version ] && { echo ${version}; exit; }\necho "${path} ran $*"`);
  mkdirSync(join(root, "bin"));
  copyFileSync(WRAPPER, join(root, "bin/ao"));
  for (const dir of ["cli", "daemon", "wire"]) write(`src/${dir}/a.ts`, "");
  write("src/cli/main.ts", "");
  write("gen/a.ts", "");
  write("package.json", "{}");
  for (const file of ["build.mjs", "cli-main.cjs"]) write(`bin/${file}`, "");
  program("bin/ao-hook", 'echo "hook $* $(cat)"');
  return { write, node };
}

function ao(program: string, args: string[], env: Record<string, string> = {}) {
  const child = spawnSync(program, args, {
    env: { PATH: "/usr/bin:/bin", ...env },
    input: "payload",
    encoding: "utf8",
    timeout: 20_000,
  });
  return { code: child.status, out: child.stdout.trim(), err: child.stderr.trim() };
}

suite("bin/ao", ({ test }) => {
  test("takes the project's own node before the one on PATH, AO_NODE before both", () => {
    using dir = tempDir();
    const { node } = installation(dir.path);
    node("path/node", "v24.1.0");
    node("other/node", "v25.0.0");
    const PATH = `${dir.path}/path:/usr/bin:/bin`;
    const bin = join(dir.path, "bin/ao");
    assert.match(ao(bin, ["ls"], { PATH }).out, /^path\/node ran .*src\/cli\/main\.ts ls$/);
    node("node_modules/node/bin/node", "v24.21.0");
    assert.match(ao(bin, ["ls"], { PATH }).out, /^node_modules\/node\/bin\/node ran /);
    assert.match(ao(bin, ["ls"], { PATH, AO_NODE: `${dir.path}/other/node` }).out, /^other\/node ran /);
  });

  test("says what is wrong with a node that is too old, and with none", () => {
    using dir = tempDir();
    const { node } = installation(dir.path);
    const bin = join(dir.path, "bin/ao");
    for (const version of ["v20.20.2", "v22.16.9", "v9.0.0"]) {
      node("path/node", version);
      const old = ao(bin, ["ls"], { PATH: `${dir.path}/path:/usr/bin:/bin` });
      assert.is(old.code, 1);
      assert.match(old.err, new RegExp(`needs Node 22.17 or newer.*${version}`));
      assert.match(old.err, /hint: .*npm install/);
    }
    const named = ao(bin, ["ls"], { AO_NODE: `${dir.path}/path/node` });
    assert.match(named.err, /AO_NODE=.* is not Node 22.17 or newer/);
    const missing = ao(bin, ["ls"], { AO_NODE: "/nowhere/node" });
    assert.is(missing.code, 1);
  });

  test("22 gets the flags it needs for sources, newer ones none", () => {
    using dir = tempDir();
    const { node } = installation(dir.path);
    const run = () => ao(join(dir.path, "bin/ao"), ["ls"], { AO_NODE: `${dir.path}/n/node` }).out;
    node("n/node", "v22.17.0");
    assert.match(
      run(),
      /ran --experimental-strip-types --disable-warning=ExperimentalWarning .*main\.ts ls$/,
    );
    node("n/node", "v24.0.0");
    assert.match(run(), /ran \S*main\.ts ls$/);
  });

  test("follows a chain of links to its own place", () => {
    using dir = tempDir();
    const { node } = installation(dir.path);
    node("node_modules/node/bin/node", "v24.21.0");
    mkdirSync(join(dir.path, "links"));
    symlinkSync(join(dir.path, "bin/ao"), join(dir.path, "links/absolute"));
    symlinkSync("absolute", join(dir.path, "links/relative"));
    symlinkSync("../links/relative", join(dir.path, "links/ao"));
    const expected = /^node_modules\/node\/bin\/node ran \S*src\/cli\/main\.ts a b c$/;
    assert.match(ao(join(dir.path, "links/ao"), ["a", "b", "c"]).out, expected);
    const byPath = ao("/usr/bin/env", ["ao", "a", "b", "c"], { PATH: `${dir.path}/links:/usr/bin:/bin` });
    assert.match(byPath.out, expected);
  });

  test("runs the bundle while it is as new as every source, and never an old one", () => {
    using dir = tempDir();
    const { node, write } = installation(dir.path);
    node("node_modules/node/bin/node", "v24.21.0");
    const run = () => ao(join(dir.path, "bin/ao"), ["ls"]).out;
    write("bin/.build/main.cjs", "");
    write("bin/.build/stamp", "");
    assert.match(run(), /ran .*bin\/\.build\/main\.cjs ls$/);
    const later = new Date(Date.now() + 60_000);
    for (const path of [
      "src/wire/a.ts",
      "src/daemon/a.ts",
      "src/cli",
      "gen/a.ts",
      "package.json",
      "bin/cli-main.cjs",
    ]) {
      utimesSync(join(dir.path, path), later, later);
      assert.match(run(), /ran \S*src\/cli\/main\.ts ls$/, path);
      utimesSync(join(dir.path, path), new Date(0), new Date(0));
    }
    assert.match(run(), /main\.cjs ls$/);
    rmSync(join(dir.path, "gen"), { recursive: true });
    assert.match(run(), /src\/cli\/main\.ts ls$/, "an installation that misses a folder is not up to date");
  });

  test("the bundle runs without Node's own certificates, unless TLS or somebody's settings may need them", () => {
    using dir = tempDir();
    const { node, write } = installation(dir.path);
    node("node_modules/node/bin/node", "v24.21.0");
    write("bin/.build/main.cjs", "");
    write("bin/.build/stamp", "");
    const run = (env: Record<string, string>) => ao(join(dir.path, "bin/ao"), ["ls", "a b"], env).out;
    assert.match(run({}), /ran --use-openssl-ca \S*\/main\.cjs ls a b$/);
    assert.match(run({ AO_ADDRESS: "host:1" }), /ran \S*\/main\.cjs ls a b$/);
    assert.match(run({ NODE_OPTIONS: "--use-system-ca" }), /ran \S*\/main\.cjs ls a b$/);
    assert.match(run({ NODE_USE_SYSTEM_CA: "1" }), /ran \S*\/main\.cjs ls a b$/);
  });

  test("hooks start no node; their help does", () => {
    using dir = tempDir();
    const { node } = installation(dir.path);
    node("node_modules/node/bin/node", "v24.21.0");
    const bin = join(dir.path, "bin/ao");
    assert.equal(ao(bin, ["hooks", "claude-code", "Stop"]), {
      code: 0,
      out: "hook claude-code Stop payload",
      err: "",
    });
    for (const args of [
      ["hooks", "--help"],
      ["hooks", "claude-code", "--help"],
      ["hooks"],
      ["hooks", "--help", "x"],
    ])
      assert.match(ao(bin, args).out, /main\.ts hooks/);
  });
});
