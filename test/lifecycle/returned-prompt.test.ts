import * as assert from "uvu/assert";
import type { Harness } from "../../src/core/ports/harnesses.ts";
import { clearReturnedPrompt } from "../../src/lifecycle/outbox/returned-prompt.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";
import { REQUEST } from "./send-bench.ts";

suite("a stopped turn's prompt in the composer", (s) => {
  let world: InProcess;
  let agent: ReturnType<typeof playAgent>;
  let launchId = "";

  /** The demo agent, if it gave prompts back: its composer is the whole screen. */
  const clear = async () => {
    const demo = world.deps.harnesses.get("demo");
    const returning: Harness = {
      ...demo,
      keys: { ...demo.keys, clear: ["C-c"] },
      readComposer: (text) => text,
    };
    const harnesses = { ...world.deps.harnesses, get: () => returning };
    const { session } = await world.sessions.get("shop-1");
    await clearReturnedPrompt({ ...world.deps, harnesses }, session);
    return world.host.typed.get(launchId) ?? [];
  };
  const show = (text: string) => world.host.screens.set(launchId, text);

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    const view = await world.sessions.spawn(spawnRequest());
    launchId = view.session.facts.launchId;
    agent = playAgent(world, view);
    await agent.start();
    await agent.hook("prompt", { prompt: "first" });
    await agent.hook("turn-end");
    await agent.hook("prompt", { prompt: "do\nit" });
  });
  s.afterEach(() => world.close());

  s.test("is cleared, however it is wrapped", async () => {
    await agent.hook("interrupted");
    show("do\n  it  \n");
    assert.equal(await clear(), ["<C-c>"]);
  });

  s.test("is left alone while a turn runs: the key would stop it", async () => {
    show("do it");
    assert.equal(await clear(), []);
  });

  s.test(
    "a command of ours that a list has made another of is cleared, unless a person was at it",
    async () => {
      await agent.hook("turn-end");
      world.host.onPaste = () => show("\n› /he\n");
      world.host.onKeys = () => show("\n› /help \n");
      show("\n› \n");
      const sent = await world.sessions.send(
        { ...REQUEST, sessionId: "shop-1", text: "/he" },
        new AbortController().signal,
      );
      assert.is(sent.stage, "typed");
      show("/help");
      world.host.looks.set(launchId, [{ personTime: world.clock.now() }, {}]);
      assert.equal(await clear(), ["/he", "<Enter>"]);
      assert.equal(await clear(), ["/he", "<Enter>", "<C-c>"]);
    },
  );

  s.test("what a person has typed is left alone, and an empty composer too", async () => {
    await agent.hook("interrupted");
    for (const text of ["half a thought", "first", "do it and more", ""]) {
      show(text);
      assert.equal(await clear(), [], text);
    }
  });
});
