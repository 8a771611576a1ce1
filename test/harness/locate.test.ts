import { chmodSync, copyFileSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import type { Harness } from "../../src/core/ports/harnesses.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

/** A real little agent that tells its version and counts how often it is asked. */
function agent(path: string, says: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nprintf x >> "${path}.asked"\n${says}\n`);
  chmodSync(path, 0o755);
  return path;
}
const claude = (path: string, version = "9.8.7") => agent(path, `echo "${version} (Claude Code)"`);

/** A real program (not a script), for what lies behind a wrapper. */
function program(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync("/bin/true", path);
  chmodSync(path, 0o755);
  return path;
}

suite("locate", ({ test }) => {
  const find = (id: string): Harness => createHarnesses().get(id);
  /** PATH of nothing but the directories given, so that agents installed on this machine are not found. */
  const env = (home: string, path: string[], more: Record<string, string> = {}) => ({
    HOME: home,
    PATH: [...path, "/usr/bin", "/bin"].join(":"),
    ...more,
  });

  test("the override comes first and is not looked past", async () => {
    using dir = tempDir();
    claude(join(dir.path, "bin/claude"));
    const named = claude(join(dir.path, "mine"), "1.2.3");
    const path = [join(dir.path, "bin")];
    const located = await find("claude-code").locate(env(dir.path, path, { AO_CLAUDE_CODE_BIN: named }));
    assert.equal(located, { path: named, version: "1.2.3" });
    const missing = env(dir.path, path, { AO_CLAUDE_CODE_BIN: join(dir.path, "nowhere") });
    assert.is(await find("claude-code").locate(missing), undefined);
  });

  test("PATH in its order; what cannot be executed and relative directories are passed over", async () => {
    using dir = tempDir();
    mkdirSync(join(dir.path, "a/claude"), { recursive: true });
    chmodSync(claude(join(dir.path, "b/claude")), 0o644);
    const right = claude(join(dir.path, "c/claude"));
    claude(join(dir.path, "d/claude"), "0.0.1");
    // A repository must not be able to put its own agent in the way.
    for (const path of ["claude", "relative/claude"]) claude(join(dir.path, "cwd", path), "6.6.6");
    const before = process.cwd();
    process.chdir(join(dir.path, "cwd"));
    const path = [
      ".",
      "",
      "relative",
      ...["missing", "a", "b", "c", "d"].map((part) => join(dir.path, part)),
    ];
    const located = await find("claude-code").locate(env(dir.path, path));
    process.chdir(before);
    assert.equal(located, { path: right, version: "9.8.7" });
  });

  test("then the places agents and version managers install to, the newest Node last of all", async () => {
    using dir = tempDir();
    const home = dir.path;
    const inOrder = [
      ".local/bin/claude",
      ".claude/local/claude",
      ".bun/bin/claude",
      ".asdf/shims/claude",
      ".volta/bin/claude",
      ".nvm/versions/node/v20.1.0/bin/claude",
      ".nvm/versions/node/v24.10.0/bin/claude",
      ".nvm/versions/node/v24.9.0/bin/claude",
      ".local/share/fnm/node-versions/v22.0.0/installation/bin/claude",
    ].map((path) => join(home, path));
    mkdirSync(join(home, ".nvm/alias"), { recursive: true });
    writeFileSync(join(home, ".nvm/alias/default"), "20\n");
    for (const path of inOrder) claude(path);
    for (const path of inOrder) {
      assert.is((await find("claude-code").locate(env(home, [])))?.path, path);
      chmodSync(path, 0o644);
    }
    assert.is(await find("claude-code").locate(env(home, [])), undefined);
  });

  test("an environment without HOME or PATH finds nothing and does not fail", async () => {
    assert.is(await find("claude-code").locate({}), undefined);
  });

  test("the version is asked once, and again when the binary changes", async () => {
    using dir = tempDir();
    const path = claude(join(dir.path, "claude"));
    const harness = find("claude-code");
    const asked = async () => (await import("node:fs")).readFileSync(`${path}.asked`, "utf8").length;
    await Promise.all([1, 2, 3].map(() => harness.locate(env(dir.path, [dir.path]))));
    await harness.locate(env(dir.path, [dir.path]));
    assert.is(await asked(), 1);
    utimesSync(path, 1, 1);
    await harness.locate(env(dir.path, [dir.path]));
    assert.is(await asked(), 2);
  });

  test("a binary that does not tell its version is found without one", async () => {
    using dir = tempDir();
    for (const says of ["exit 3", "echo something else", "kill -9 $$", "cat"]) {
      agent(join(dir.path, "claude"), says);
      const located = await find("claude-code").locate(env(dir.path, [dir.path]));
      assert.equal(located, { path: join(dir.path, "claude"), version: "" }, says);
    }
  });

  test("codex: behind npm's wrapper the program itself is found", async () => {
    using dir = tempDir();
    const modules = join(dir.path, "lib/node_modules/@openai");
    const wrapper = agent(join(modules, "codex/bin/codex.js"), "echo codex-cli 0.169.0");
    const host = `codex-${process.platform}-${process.arch}`;
    const beside = program(join(modules, host, "vendor/some-target-triple/bin/codex"));
    mkdirSync(join(dir.path, "bin"));
    symlinkSync(wrapper, join(dir.path, "bin/codex"));
    const located = await find("codex").locate(env(dir.path, [join(dir.path, "bin")]));
    assert.is(located?.path, beside);
    const nested = program(join(modules, "codex/node_modules/@openai", host, "vendor/triple/bin/codex"));
    chmodSync(beside, 0o644);
    assert.is((await find("codex").locate(env(dir.path, [join(dir.path, "bin")])))?.path, nested);
    chmodSync(nested, 0o644);
    const fallback = await find("codex").locate(env(dir.path, [join(dir.path, "bin")]));
    assert.equal(fallback, { path: join(dir.path, "bin/codex"), version: "0.169.0" });
  });

  test("a program is taken as it is, also by the name of a link", async () => {
    using dir = tempDir();
    const real = program(join(dir.path, "lib/opencode-ai/bin/opencode.exe"));
    program(join(dir.path, `lib/opencode-${process.platform}-${process.arch}/bin/opencode`));
    symlinkSync(real, join(dir.path, "opencode"));
    const located = await find("opencode").locate(env(dir.path, [dir.path]));
    assert.is(located?.path, join(dir.path, "opencode"));
  });

  test("demo: ships with ao and is always found", async () => {
    const located = await find("demo").locate({ PATH: "/usr/bin:/bin" });
    assert.match(located?.path ?? "", /src\/harness\/assets\/demo-agent\.sh$/);
    assert.is(located?.version, "1.0.0");
  });
});
