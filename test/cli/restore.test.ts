import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { type CliWorld, createCliWorld } from "./cli-world.ts";

const SLOW = { timeoutMs: 120_000 };
const NAMES = ["crashed", "wiped", "killed", "older"];

suite("ao session restore --all", ({ test, before, after }) => {
  let world: CliWorld;
  const get = async (name: string) => (await world.ao(["session", "get", name, "--json"])).json().session;
  const crash = async (name: string) => {
    const { process: of } = await get(name);
    process.kill(of.pid, "SIGKILL");
    await world.ao(["wait", name, "--until", "failed"]);
  };
  before(async () => {
    world = createCliWorld();
    await world.ao(["project", "add", "."]);
    // One after the other, so that each has its number.
    for (const name of NAMES)
      await world.ao(["spawn", "--agent", "demo", "--name", name, "--prompt", "hello"]);
    await Promise.all(NAMES.map((name) => world.ao(["wait", name, "--until", "idle"])));
  });
  after(() => world.dispose());

  test(
    "names what it would do, does it newest first up to the limit, and fails for what it cannot do",
    async () => {
      await Promise.all([
        ...["crashed", "wiped", "older"].map(crash),
        world.ao(["session", "kill", "killed"]),
      ]);
      const wiped = await get("wiped");
      rmSync(wiped.workspace.path, { recursive: true });
      execFileSync("git", ["worktree", "prune"], { cwd: world.repository });
      execFileSync("git", ["branch", "-D", wiped.workspace.branch], {
        cwd: world.repository,
        stdio: "ignore",
      });

      const dry = await world.ao(["session", "restore", "--all", "--dry-run", "--limit", "1"]);
      assert.is(dry.code, 0);
      const gone = `web-2 cannot be restored: its worktree "${wiped.workspace.path}" and its branch "ao/web-2" are gone`;
      assert.equal(dry.out.trimEnd().split("\n"), [
        "web-4 would be restored: its conversation goes on",
        gone,
        "web-1 left out: more than --limit allows",
      ]);
      assert.is(dry.err, "1 that ended on request or by themselves are left alone\n");
      assert.match((await world.ao(["session", "get", "wiped"])).out, /restore +not possible: its worktree/);

      const before = await get("older");
      const all = await world.ao(["session", "restore", "--all", "--stagger", "10ms"]);
      assert.is(all.code, 1);
      assert.equal(all.out.trimEnd().split("\n"), [
        "web-4 restored: its conversation goes on",
        gone,
        "web-1 restored: its conversation goes on",
      ]);
      await world.ao(["wait", "older", "--until", "idle"]);
      const restored = await get("older");
      assert.is(restored.nativeSessionId, before.nativeSessionId);
      assert.is.not(restored.launchId, before.launchId);
      assert.is((await get("killed")).status, "terminated");

      const again = (await world.ao(["session", "restore", "--all", "--json"])).json();
      assert.equal(
        again.sessions.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome]),
        [["web-2", "impossible"]],
      );
    },
    SLOW,
  );

  test(
    "one session: what cannot be resumed is named with a way out, and --fresh takes it",
    async () => {
      const refused = await world.ao(["session", "restore", "wiped"]);
      assert.is(refused.code, 1);
      assert.match(
        refused.err,
        /cannot be resumed: its worktree .* are gone\nhint: `ao session restore --fresh web-2`/,
      );
      const fresh = await world.ao(["session", "restore", "--fresh", "wiped"]);
      assert.is(fresh.out, "web-2 is starting: a new conversation\n");
      assert.is((await world.ao(["session", "restore"])).code, 2);
      assert.is((await world.ao(["session", "restore", "web-1", "--all"])).code, 2);
      assert.is((await world.ao(["session", "restore", "--all", "--fresh"])).code, 2);
    },
    SLOW,
  );
});
