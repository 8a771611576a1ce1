import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

/** An agent that continues the last conversation of its directory. */
const FILE = `id: forgetful
displayName: Forgetful
facts: { evidence: seen, source: a test }
binary: { names: ["true"] }
launch:
  interactive: ["{binary}", "{prompt}"]
  resume: ["{binary}", --continue]
  resumeBy: directory
screen: { ready: [{ lines: 1, all: ["^> ?$"] }], busy: [{ lines: 1, all: [busy] }] }
`;

suite("restore, of the last conversation of a directory", (s) => {
  let world: InProcess;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  const environment = { PATH: `${process.env.PATH}` };
  const start = async (prompt = "do it") => {
    view = await world.sessions.spawn(spawnRequest({ harness: "forgetful", prompt, environment }));
    await play(view);
  };
  const play = async (of: SessionView) => {
    // The fake host's worktrees are no directories.
    mkdirSync(of.session.workspace.path, { recursive: true });
    agent = playAgent(world, of);
    await agent.start();
  };
  const work = () =>
    agent.send(agent.signal("witness", "witness_active"), agent.signal("witness", "witness_idle"));
  const die = () => agent.exit({ exitSignal: "SIGKILL" });
  const plan = async () => (await world.sessions.get("shop-1")).restore;
  const restore = (prompt = "", fresh = false) =>
    world.sessions.restore({ sessionId: "shop-1", prompt, fresh, environment });
  const args = () => (world.host.starts.at(-1)?.argv ?? []).slice(1);

  s.beforeEach(async () => {
    world = await createInProcess();
    const { deps } = world;
    const dir = join(deps.paths.home, "harnesses");
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "forgetful.yaml"), FILE);
    const found = await deps.ownHarnesses.find("forgetful");
    assert.equal(found?.problems, []);
    await deps.ownHarnesses.trust("forgetful", found?.digest ?? "");
    await deps.store.syncHarnesses([{ id: "forgetful", displayName: "Forgetful" }]);
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  s.afterEach(() => world.close());

  s.test("a session that had a turn goes on with it, and a prompt to go on with is typed", async () => {
    await start();
    await work();
    await die();
    assert.equal(await plan(), { mode: "resume_last", unasked: true });
    const { mode, view: again } = await restore("and the tests");
    assert.is(mode, "resume_last");
    assert.equal(args(), ["--continue"]);
    assert.is(again.session.facts.promptTyped, true);
    assert.is(
      (await world.deps.store.listMessages({ sessionId: "shop-1", limit: 1 })).rows[0]?.text,
      "and the tests",
    );
  });

  s.test(
    "that it had one outlives launches: a second death before any turn goes on with it too",
    async () => {
      await start();
      await work();
      await die();
      await play((await restore()).view);
      await die();
      assert.is((await plan())?.mode, "resume_last");
    },
  );

  s.test("one that was never told anything has nothing to continue: it starts anew", async () => {
    await start("");
    await die();
    assert.is((await plan())?.mode, "start_again");
    await restore();
    assert.equal(args(), [""]);
  });

  s.test("a prompt that was never taken starts again, one that ran unseen does not", async () => {
    await start();
    await die();
    assert.is((await restore()).mode, "start_again");
    assert.equal(args(), ["do it"]);
    await play(await world.sessions.get("shop-1"));
    world.clock.advance(10 * 60_000);
    await die();
    assert.is((await plan())?.mode, "resume_last");
  });

  s.test("a composer behind a prompt on the command line: its turn was too short to be seen", async () => {
    await start();
    await agent.send(agent.signal("probe", "screen_ready"));
    await die();
    assert.is((await plan())?.mode, "resume_last");
  });

  s.test("an agent of which nothing tells turns may have had one whenever it ran", async () => {
    const { deps } = world;
    const path = join(deps.paths.home, "harnesses/forgetful.yaml");
    writeFileSync(path, FILE.replace(/busy: .* \}\n/, "}\n"));
    const found = await deps.ownHarnesses.find("forgetful");
    assert.equal(found?.problems, []);
    await deps.ownHarnesses.trust("forgetful", found?.digest ?? "");
    await start("");
    await die();
    assert.is((await plan())?.mode, "resume_last");
  });

  s.test(
    "a worktree that is gone, or not its own: refused, unless a new conversation is asked for",
    async () => {
      await start();
      await work();
      await die();
      const { path } = (await world.sessions.get("shop-1")).session.workspace;
      rmSync(path, { recursive: true });
      assert.match((await plan())?.problem ?? "", /worktree ".*shop-1" is gone, and its conversation may be/);
      await rejects(restore(), "NOT_RESUMABLE");
      assert.is(world.host.starts.length, 1);
      const move = (to: string) =>
        world.deps.book.edit("shop-1", (now) => ({ ...now, workspace: { ...now.workspace, path: to } }));
      mkdirSync(path);
      // As a session would be that worked in its repository itself, or shared a directory with another one.
      await move(dirname(path));
      assert.match((await plan())?.problem ?? "", /is not its own worktree: .* may be somebody else's/);
      await rejects(restore(), "NOT_RESUMABLE");
      await move(path);
      assert.is((await plan())?.mode, "resume_last");
      rmSync(path, { recursive: true });
      assert.is((await restore("", true)).mode, "start_again");
      assert.equal(args(), ["do it"]);
    },
  );

  s.test("a conversation that was held before AO_HOME was moved is not in this directory", async () => {
    await start();
    await work();
    await die();
    const { id, facts, workspace } = (await world.sessions.get("shop-1")).session;
    await world.files.writeManifest({
      launchId: facts.launchId,
      sessionId: id,
      harness: "forgetful",
      workspacePath: "/elsewhere/shop-1",
      launchTime: facts.launchTime,
      witness: {},
    });
    assert.match((await plan())?.problem ?? "", 'was held in "/elsewhere/shop-1", before AO_HOME was moved');
    await world.files.removeLaunch(id, facts.launchId);
    assert.match((await plan())?.problem ?? "", "is not known any more");
    assert.is(workspace.path.endsWith("shop-1"), true);
  });
});
