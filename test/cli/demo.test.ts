import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { type CliWorld, createCliWorld, processesOf } from "./cli-world.ts";

const SLOW = { timeoutMs: 90_000 };
const BIN = join(import.meta.dirname, "../../bin/ao");

suite("ao demo", ({ test, before, after }) => {
  let world: CliWorld;
  before(() => {
    world = createCliWorld();
  });
  after(() => world.dispose());

  /** Nothing below the temporary directory, no process, and nothing of the user's. */
  const leavesNothing = () =>
    eventually(
      () => readdirSync(world.env.TMPDIR as string).length === 0 && processesOf(world.directory).length === 0,
      {
        what: "an end that leaves nothing",
        timeoutMs: 15_000,
      },
    );

  test(
    "--once prints three agents in their states and leaves nothing",
    async () => {
      const config = join(world.directory, ".gitconfig");
      writeFileSync(config, "this is no configuration; whoever reads it fails\n");
      const demo = await world.ao(["demo", "--once"], { cwd: world.directory, env: { GIT_DIR: "/nowhere" } });
      rmSync(config);
      assert.is(demo.code, 0, demo.err);
      assert.match(demo.out, /shop-2 +demo +◆ needs_input/);
      assert.match(demo.out, /shop-1 +demo +● working/);
      assert.match(demo.out, /shop-3 +demo +✓ idle/);
      assert.match(demo.out, /ao answer shop-2 approve\|deny/);
      assert.ok(demo.out.indexOf("needs_input") < demo.out.indexOf("working"));
      await leavesNothing();
      assert.equal(readdirSync(world.directory).sort(), ["tmp", "web"]);
    },
    SLOW,
  );

  test(
    "a signal in the middle cleans up too",
    async () => {
      const demo = world.start(["demo", "--once", "--json"], { env: { AO_DEBUG: "1" } });
      await eventually(
        () => readdirSync(world.env.TMPDIR as string).length > 0 && processesOf(world.directory).length > 2,
        {
          what: "the demo's daemon",
        },
      );
      demo.child.kill("SIGTERM");
      const { code, out } = await demo.result;
      assert.equal([code, out], [130, ""]);
      await leavesNothing();
    },
    SLOW,
  );

  test(
    "an error cleans up too: git is not installed",
    async () => {
      const path = mkdtempSync(join(world.directory, "bin-"));
      for (const tool of ["sh", "readlink", "find"]) execFileSync("ln", ["-s", `/usr/bin/${tool}`, path]);
      const { code, err } = await world.ao(["demo", "--once"], { env: { PATH: path } });
      assert.is(code, 1);
      assert.match(err, /git is not installed/);
      rmSync(path, { recursive: true });
      await leavesNothing();
    },
    SLOW,
  );

  test(
    "on a terminal it is live until q, and tells how to reach it from another one",
    async () => {
      mkdirSync(join(world.directory, "s"));
      const socket = join(world.directory, "s/t.sock");
      const tmux = (...args: string[]) =>
        execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], {
          env: world.env,
          encoding: "utf8",
        });
      tmux("new-session", "-d", "-x", "120", "-y", "30", `${BIN} demo; echo "demo said $?"; cat`);
      const screen = () => tmux("capture-pane", "-p");
      try {
        await eventually(
          () => /shop-2 .*needs_input[\s\S]*shop-1 .*working[\s\S]*shop-3 .*idle/.test(screen()),
          {
            what: "the live table",
            timeoutMs: 30_000,
          },
        );
        const home = /export AO_HOME=(\S+)/.exec(screen())?.[1] ?? "";
        const answered = await world.ao(["answer", "shop-2", "deny"], { env: { AO_HOME: home } });
        assert.is(answered.code, 0, answered.err);
        await eventually(() => /shop-2 .*idle/.test(screen()), { what: "the answer in the table" });
        tmux("send-keys", "q");
        await eventually(() => screen().includes("demo said 0"), { what: "the end", timeoutMs: 20_000 });
      } finally {
        tmux("kill-server");
      }
      rmSync(join(world.directory, "s"), { recursive: true });
      await leavesNothing();
    },
    SLOW,
  );
});
