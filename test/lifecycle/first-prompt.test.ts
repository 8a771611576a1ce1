import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

const PROMPT = "-mend it\nthen stop";

suite("a first prompt that no command line takes", (s) => {
  let world: InProcess;
  let agent: ReturnType<typeof playAgent>;
  const typed = (view: SessionView) => world.host.typed.get(view.session.facts.launchId) ?? [];
  const show = (view: SessionView, text: string) => world.host.screens.set(view.session.facts.launchId, text);
  /** Spawns an agent of which there is no more than a program of its name. */
  const spawn = async (harness: string, variable: string, prompt = PROMPT) => {
    const binary = join(world.deps.paths.home, harness);
    writeFileSync(binary, "#!/bin/sh\necho 1.0\n");
    chmodSync(binary, 0o755);
    const environment = { ...world.deps.daemonEnv, [variable]: binary };
    const view = await world.sessions.spawn(spawnRequest({ harness, prompt, environment }));
    agent = playAgent(world, view);
    await agent.start();
    return view;
  };
  const status = async (view: SessionView) => (await world.sessions.get(view.session.id)).status;

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  s.afterEach(() => world.close());

  s.test("waits for the composer, is typed once and submitted", async () => {
    const view = await spawn("kimi", "AO_KIMI_BIN");
    assert.not.ok(world.host.starts[0]?.argv.some((arg) => arg.includes("mend")));
    show(view, "Do you trust this folder?");
    await eventually(
      async () =>
        (await world.sessions.listMessages({ sessionId: view.session.id, limit: 9 })).rows[0]?.detail,
      { what: "the outbox to say what it waits for" },
    );
    assert.equal(typed(view), []);
    world.host.onKeys = () => {
      show(view, "working");
      void playAgent(world, view).hook("UserPromptSubmit", { prompt: PROMPT });
    };
    show(view, "╭───╮\n│ > │\n╰───╯");
    await eventually(async () => (await status(view)) === "working", {
      what: "the agent's word of its prompt",
    });
    assert.equal(typed(view), [PROMPT, "<Enter>"]);
  });

  s.test(
    "is typed into a conversation that is continued, where only that command line takes none",
    async () => {
      const view = await spawn("cline", "AO_CLINE_BIN", "mend it");
      assert.ok(world.host.starts[0]?.argv.includes("mend it"));
      await agent.hook("TaskStart", { nativeSessionId: "n1", prompt: "mend it" });
      await agent.hook("TaskComplete", { nativeSessionId: "n1" });
      await agent.exit({ exitCode: 0 });
      const environment = { ...world.deps.daemonEnv, AO_CLINE_BIN: join(world.deps.paths.home, "cline") };
      const request = { sessionId: view.session.id, prompt: "go on", fresh: false, environment };
      const after = (await world.sessions.restore(request)).view;
      assert.equal(world.host.starts[1]?.argv.slice(-1), ["--id=n1"]);
      await playAgent(world, after).start();
      const rule = "─".repeat(30);
      world.host.onKeys = () => {
        show(after, "");
        void playAgent(world, after).hook("TaskStart", { nativeSessionId: "n1" });
      };
      world.host.onPaste = (_handle, text) => void show(after, `${rule}\n❯ ${text}\n${rule}\n mock\n`);
      show(after, `${rule}\n❯ Ask anything...\n${rule}\n mock\n`);
      await eventually(async () => (await status(after)) === "working", { what: "the prompt taken" });
      assert.equal(typed(after), ["go on", "<Enter>"]);
    },
  );

  s.test("is typed where only its first character keeps it from the command line", async () => {
    const view = await spawn("pi", "AO_PI_BIN");
    await agent.hook("session_start", { nativeSessionId: "n1" });
    assert.is((await world.sessions.get("shop-1")).statusReason, "waits for its prompt to be taken");
    show(view, readFileSync(join(import.meta.dirname, "../harness/screens/pi.idle.txt"), "utf8"));
    await eventually(() => typed(view)[0] === PROMPT, { what: "the prompt" });
  });

  s.test("the daemon ends while the agent starts: the next one types it, once", async () => {
    world.host.hanging.add("start");
    void spawn("kimi", "AO_KIMI_BIN");
    await eventually(() => world.host.journal.includes("start shop-1"), { what: "the terminal asked for" });
    world = await world.restart();
    const view = await world.sessions.get("shop-1");
    const first = async () => (await world.sessions.listMessages({ sessionId: "shop-1", limit: 9 })).rows[0];
    await eventually(async () => /still being started/.test((await first())?.detail ?? ""), {
      what: "the outbox to wait for the terminal",
    });
    show(view, "╭───╮\n│ > │\n╰───╯");
    world.host.panes.set(view.session.facts.launchId, "alive");
    await playAgent(world, view).start();
    world.host.onKeys = () => void playAgent(world, view).hook("UserPromptSubmit", { prompt: PROMPT });
    await eventually(async () => (await first())?.stage === "acknowledged", { what: "the prompt typed" });
    assert.equal(typed(view), [PROMPT, "<Enter>"]);
  });

  s.test("the start fails: it is withdrawn, and never typed", async () => {
    world.host.failing.add("start");
    const failure = await spawn("kimi", "AO_KIMI_BIN").catch((error: { reason: string }) => error.reason);
    assert.is(failure, "SPAWN_FAILED");
    const { rows } = await world.sessions.listMessages({ sessionId: "shop-1", limit: 9 });
    assert.equal(
      rows.map((message) => [message.text, message.failure?.reason]),
      [[PROMPT, "MESSAGE_WITHDRAWN"]],
    );
  });

  s.test(
    "of an agent without hooks: its process is known, its turn is not, and it is never blamed for silence",
    async () => {
      const view = await spawn("crush", "AO_CRUSH_BIN");
      assert.is(await status(view), "unverified");
      show(view, "Ready...");
      await eventually(() => typed(view).includes("<Enter>"), { what: "the prompt" });
      await world.clock.advance(10 * 60_000);
      assert.is(await status(view), "unverified");
    },
  );
});
