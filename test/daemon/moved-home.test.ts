import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createCliWorld } from "../cli/cli-world.ts";
import { suite } from "../support/suite.ts";

const SLOW = { timeoutMs: 120_000 };

suite("AO_HOME is moved", ({ test }) => {
  test(
    "while nothing runs: a restore works on in the same worktree, a removal saves what is in it",
    async () => {
      const world = createCliWorld();
      try {
        await world.ao(["project", "add", "."]);
        for (const prompt of ["one", "two"])
          assert.is((await world.ao(["spawn", "-a", "demo", "--prompt", prompt, "--wait"])).code, 0);
        const former = String(world.env.AO_HOME);
        for (const id of ["web-1", "web-2"]) {
          writeFileSync(join(former, "worktrees/web", id, "draft.txt"), `draft of ${id}\n`);
          await world.ao(["session", "kill", id]);
        }
        await world.ao(["stop"]);
        const home = `${former}-moved`;
        renameSync(former, home);
        world.env.AO_HOME = home;

        assert.is((await world.ao(["session", "restore", "web-1"])).code, 0);
        const tree = join(home, "worktrees/web/web-1");
        assert.is(
          (await world.ao(["session", "get", "web-1", "--json"])).json().session.workspace.path,
          tree,
        );
        assert.is(readFileSync(join(tree, "draft.txt"), "utf8"), "draft of web-1\n");
        assert.not(existsSync(former));
        const git = (...args: string[]) =>
          execFileSync("git", ["-C", world.repository, ...args], { env: world.env, encoding: "utf8" });
        assert.match(git("worktree", "list"), `${tree} `);

        const removed = await world.ao(["session", "rm", "web-2", "--json"]);
        assert.is(removed.code, 0, removed.err);
        assert.is(git("show", "refs/ao/salvage/web-2:draft.txt"), "draft of web-2\n");
        assert.not(existsSync(join(home, "worktrees/web/web-2")));
      } finally {
        await world.dispose();
      }
    },
    SLOW,
  );
});
