import { existsSync } from "node:fs";
import * as assert from "uvu/assert";
import { AoError, type ErrorReason } from "../../src/core/errors.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

suite("spawn", (s) => {
  let world: InProcess;
  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  s.afterEach(() => world.close());

  s.test("starts the agent in a worktree on a branch of its own", async () => {
    const view = await world.sessions.spawn(spawnRequest({ prompt: "work: something", name: "first" }));
    assert.is(view.session.id, "shop-1");
    assert.is(view.status, "starting");
    assert.is(view.session.workspace.branch, "ao/shop-1");
    const [start] = world.host.starts;
    assert.ok(start);
    assert.is(start.cwd, view.session.workspace.path);
    assert.is(start.argv.at(-1), "work: something");
    assert.is(start.env.AO_SESSION_ID, "shop-1");
    assert.is(start.env.AO_LAUNCH_ID, view.session.facts.launchId);
    assert.is(start.env.AO_SPOOL, world.deps.paths.spoolDir);
  });

  s.test(
    "gives the agent the caller's environment, less what belongs to the caller's terminal or ao",
    async () => {
      await world.sessions.spawn(
        spawnRequest({
          environment: {
            PATH: process.env.PATH ?? "",
            API_KEY: "k",
            TMUX: "x",
            AO_TOKEN_FILE: "/mine",
            CLAUDECODE: "1",
          },
        }),
      );
      const env = world.host.starts[0]?.env ?? {};
      assert.is(env.API_KEY, "k");
      assert.is(env.TMUX, undefined);
      assert.is(env.CLAUDECODE, undefined);
      assert.is.not(env.AO_TOKEN_FILE, "/mine");
    },
  );

  s.test("numbers sessions for ever: a removed one's id is not used again", async () => {
    const first = await world.sessions.spawn(spawnRequest());
    const agent = playAgent(world, first);
    await agent.start();
    await agent.exit({ exitCode: 0 });
    await world.sessions.remove("shop-1");
    assert.is((await world.sessions.spawn(spawnRequest())).session.id, "shop-2");
  });

  s.test("answers a repeated request id with the session it made", async () => {
    const first = await world.sessions.spawn(spawnRequest({ requestId: "r1", prompt: "a" }));
    const again = await world.sessions.spawn(spawnRequest({ requestId: "r1", prompt: "a" }));
    assert.is(again.session.id, first.session.id);
    assert.is(world.host.starts.length, 1);
    await rejects(world.sessions.spawn(spawnRequest({ requestId: "r1", prompt: "b" })), "REQUEST_ID_REUSED");
  });

  s.test("answers two equal requests at once with one session", async () => {
    const both = await Promise.all([1, 2].map(() => world.sessions.spawn(spawnRequest({ requestId: "r1" }))));
    assert.is(both[0]?.session.id, both[1]?.session.id);
    assert.is(world.host.starts.length, 1);
  });

  s.test("gives ten spawns at once ten ids", async () => {
    const views = await Promise.all(Array.from({ length: 10 }, () => world.sessions.spawn(spawnRequest())));
    assert.is(new Set(views.map((view) => view.session.id)).size, 10);
  });

  const refused: [string, Partial<ReturnType<typeof spawnRequest>>, ErrorReason][] = [
    ["an unknown project", { projectId: "nope" }, "PROJECT_NOT_FOUND"],
    ["an unknown harness", { harness: "nope" }, "HARNESS_NOT_FOUND"],
    ["no harness at all", { harness: "" }, "INVALID_FIELD"],
    [
      "a missing binary",
      { harness: "codex", environment: { PATH: "/nowhere", HOME: "/nowhere" } },
      "HARNESS_BINARY_NOT_FOUND",
    ],
    ["a permission mode the agent does not know", { permissionMode: "auto" }, "UNSUPPORTED"],
  ];
  for (const [what, fields, reason] of refused) {
    s.test(`refuses ${what} before anything is written`, async () => {
      await rejects(world.sessions.spawn(spawnRequest(fields)), reason);
      assert.equal((await world.sessions.list({ statuses: [], limit: 10 })).rows, []);
      assert.is(world.host.worktrees.size, 0);
    });
  }

  s.test("refuses a missing runtime before anything is written", async () => {
    world.host.failing.add("check");
    await rejects(world.sessions.spawn(spawnRequest()), "RUNTIME_UNAVAILABLE");
    assert.equal((await world.sessions.list({ statuses: [], limit: 10 })).rows, []);
  });

  s.test("refuses a name that is taken", async () => {
    await world.sessions.spawn(spawnRequest({ name: "api" }));
    await rejects(world.sessions.spawn(spawnRequest({ name: "api" })), "NAME_IN_USE");
  });

  for (const step of ["create", "start"]) {
    s.test(`leaves only a row that says why when "${step}" fails`, async () => {
      world.host.failing.add(step);
      await rejects(
        world.sessions.spawn(spawnRequest({ prompt: "x" })),
        step === "create" ? "WORKSPACE_FAILED" : "SPAWN_FAILED",
      );
      const view = await world.sessions.get("shop-1");
      assert.is(view.status, "failed");
      assert.match(view.statusReason, step === "create" ? /disk full/ : /would not start/);
      assert.is(world.host.worktrees.size, 0);
      assert.is(world.host.panes.size, 0);
      assert.not(existsSync(world.files.dir("shop-1", view.session.facts.launchId)));
    });
  }

  s.test("an error names what to do next", () => {
    const error = new AoError("HARNESS_BINARY_NOT_FOUND", {
      harness: "codex",
      binaries: "codex",
      variable: "AO_CODEX_BIN",
    });
    assert.match(error.hint, /AO_CODEX_BIN/);
  });
});
