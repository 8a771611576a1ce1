import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Harness, Harnesses } from "../../src/core/ports/harnesses.ts";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createDialogWatch, type DialogWatch } from "../../src/lifecycle/looks/dialog-watch.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

const DIALOG = "\n Allow? [y/n] \n";
const WORKING = "\n esc to interrupt \n";

suite("dialog watch", (s) => {
  let world: InProcess;
  let watch: DialogWatch;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  /** Writes to the terminal; undefined while nobody listens. */
  let write: (() => void) | undefined;
  let looks = 0;

  const status = async () => (await world.sessions.get("shop-1")).status;
  const show = (text: string) => world.host.screens.set(view.session.facts.launchId, text);
  const spawn = async () => {
    view = await world.sessions.spawn(spawnRequest({ prompt: "do it" }));
    agent = playAgent(world, view);
    await agent.start();
    await agent.hook("prompt", { prompt: "do it", nativeSessionId: "n1" });
    await agent.hook("tool-start", { toolName: "Bash", toolUseId: "t1" });
    await agent.hook("permission-request", { toolName: "Bash" });
    assert.is(await status(), "needs_input");
  };
  /** Time passes until something holds. */
  const passing = (holds: () => Promise<boolean> | boolean) =>
    eventually(async () => {
      watch.round();
      world.clock.advance(100);
      return holds();
    });

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    const { capture } = world.host.runtime;
    world.host.runtime.capture = (handle, lines) => {
      looks += 1;
      return capture(handle, lines);
    };
    looks = 0;
    write = undefined;
    world.host.processes.hearTerminal = (_pid, hear) => {
      write = hear;
      return () => {
        write = undefined;
      };
    };
    watch = createDialogWatch({ ...world.deps, harnesses: silent(world.deps.harnesses) });
  });
  s.afterEach(async () => {
    watch.stop();
    await world.close();
  });

  s.test("a dialog that leaves the screen was answered: the turn goes on", async () => {
    await spawn();
    show(DIALOG);
    await passing(() => looks > 0);
    show(WORKING);
    write?.();
    await passing(async () => (await status()) === "working");
    assert.is(write, undefined, "an answered dialog is not listened to");
  });

  s.test("a dialog that stands in a silent terminal is not looked at again", async () => {
    await spawn();
    show(DIALOG);
    await passing(() => looks > 0);
    const before = looks;
    for (let round = 0; round < 50; round += 1) await passing(() => true);
    assert.is(looks, before);
    assert.is(await status(), "needs_input");
  });

  s.test("a dialog not drawn yet is not called answered", async () => {
    await spawn();
    show(WORKING);
    for (let round = 0; round < 50; round += 1) await passing(() => true);
    assert.is(await status(), "needs_input");
  });

  s.test("a denial that comes later than the look is believed", async () => {
    await spawn();
    show(DIALOG);
    await passing(() => looks > 0);
    world.clock.advance(5000);
    const denied = agent.signal("hook", "interrupted");
    show(WORKING);
    write?.();
    await passing(async () => (await status()) === "working");
    await world.activity.report([denied]);
    assert.is(await status(), "idle");
  });

  s.test("a subagent's answered dialog does not run the root's turn", async () => {
    await spawn();
    await agent.hook("tool-end", { toolName: "Bash", toolUseId: "t1" });
    await agent.hook("turn-end");
    await agent.hook("permission-request", { toolName: "Bash", agentId: "a1" });
    assert.is(await status(), "needs_input");
    show(DIALOG);
    await passing(() => looks > 0);
    show("\n› \n");
    write?.();
    await passing(async () => (await status()) === "idle");
  });

  s.test("dialogs that stand behind each other and name no tool are answered once none is left", async () => {
    const { home } = world.deps.paths;
    const environment = { PATH: `${process.env.PATH}`, HOME: home, AO_GEMINI_BIN: "/bin/true" };
    mkdirSync(join(world.deps.paths.worktreesDir, "shop/shop-1"), { recursive: true });
    view = await world.sessions.spawn(spawnRequest({ harness: "gemini", prompt: "do it", environment }));
    agent = playAgent(world, view);
    await agent.start();
    await agent.hook("BeforeAgent", { prompt: "do it", nativeSessionId: "n1" });
    await agent.hook("BeforeTool", { toolName: "invoke_agent" });
    for (const toolInputDigest of ["d1", "d2"])
      await agent.hook("Notification", { type: "ToolPermission", toolInputDigest });
    assert.is((await world.sessions.get("shop-1")).session.facts.requests.length, 2);
    const screen = (name: string) =>
      readFileSync(join(import.meta.dirname, `../harness/screens/gemini.${name}.txt`), "utf8");
    show(screen("permission"));
    await passing(() => looks > 0);
    show(screen("working"));
    write?.();
    await passing(async () => (await status()) === "working");
  });

  s.test("where the terminal cannot be heard it is looked at, ever more rarely", async () => {
    world.host.processes.hearTerminal = () => undefined;
    await spawn();
    show(DIALOG);
    for (let round = 0; round < 600; round += 1) await passing(() => true);
    assert.ok(looks > 5 && looks < 60, `${looks} looks in a minute`);
    show(WORKING);
    await passing(async () => (await status()) === "working");
  });

  s.test("agents that tell of answers are not looked at", async () => {
    watch = createDialogWatch(world.deps);
    await spawn();
    show(DIALOG);
    for (let round = 0; round < 20; round += 1) await passing(() => true);
    assert.is(looks, 0);
  });
});

/** The same agents, but nobody tells when they were answered. */
function silent(harnesses: Harnesses): Harnesses {
  const mute = (harness: Harness) => ({ ...harness, traits: { ...harness.traits, silentAnswers: true } });
  const find = (id: string) => {
    const found = harnesses.find(id);
    return found && mute(found);
  };
  return {
    find,
    get: (id) => mute(harnesses.get(id)),
    list: () => harnesses.list().map(mute),
    release: harnesses.release,
  };
}
