import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createScratchRepository } from "../../src/cli/scratch/scratch-repository.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const AO = join(import.meta.dirname, "../../bin/ao");

suite("the user's umask", ({ test }) => {
  test("an agent, and the files of its worktree, have it; what ao keeps is the user's alone", async () => {
    using dir = tempDir();
    const home = join(dir.path, "user");
    mkdirSync(home);
    const env = { PATH: process.env.PATH ?? "", HOME: home, AO_HOME: join(dir.path, "ao"), SHELL: "/bin/sh" };
    const repository = join(dir.path, "shop");
    await createScratchRepository(repository, { env, signal: AbortSignal.timeout(20_000) });
    const ao = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(
        "/bin/sh",
        ["-c", 'umask 027; exec "$@"', "sh", AO, ...args],
        { env: { ...env, AO_DEMO_BIN: join(dir.path, "agent.sh") }, cwd: repository, encoding: "utf8" },
      );
      assert.is(status, 0, `${args.join(" ")}: ${stdout}${stderr}`);
      return stdout;
    };
    writeFileSync(join(dir.path, "agent.sh"), "umask > umask.txt\n: > made.txt\n", { mode: 0o755 });
    try {
      ao("project", "add", repository);
      for (const runtime of ["process", "tmux"]) {
        const { session } = JSON.parse(
          ao("spawn", "--harness", "demo", "--runtime", runtime, "--prompt", "x", "--json"),
        );
        const at = (name: string) => join(session.workspace.path, name);
        const told = () => (existsSync(at("umask.txt")) ? readFileSync(at("umask.txt"), "utf8").trim() : "");
        assert.match(await eventually(told, { timeoutMs: 30_000, what: "the agent's umask" }), /^0?027$/);
        assert.is(statSync(at("made.txt")).mode & 0o777, 0o640, runtime);
        assert.is(statSync(at("README.md")).mode & 0o777, 0o640, runtime);
      }
      assert.is(statSync(join(env.AO_HOME, "ao.db")).mode & 0o777, 0o600);
    } finally {
      const { sessions } = JSON.parse(ao("ls", "--json")) as { sessions: { id: string }[] };
      for (const { id } of sessions) ao("session", "kill", id);
      ao("stop");
    }
  });
});
