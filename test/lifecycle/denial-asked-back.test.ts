import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

const SCREENS = join(import.meta.dirname, "../harness/screens");
const screen = (name: string) => readFileSync(join(SCREENS, `kilocode.${name}.txt`), "utf8");
const DIALOG = screen("permission");
const DENIAL = screen("reject");
const COMPOSER = screen("idle");

/** Kilo Code asks what to do instead when its dialog is denied: Enter confirms there, and approves at the dialog. */
suite("a denial that the agent asks back about", (s) => {
  let world: InProcess;
  let view: SessionView;
  const typed = () => world.host.typed.get(view.session.facts.launchId) ?? [];
  const show = (text: string) => void world.host.screens.set(view.session.facts.launchId, text);
  const answer = (word: "approve" | "deny") =>
    world.sessions.answer({ sessionId: "shop-1", requestId: "", answer: word });
  /** The terminal as the program draws it; the first `lost` keys do nothing. */
  const play = (lost = 0) => {
    let presses = 0;
    world.host.onKeys = (_handle, [key]) => {
      if (++presses <= lost) return;
      const denies = world.host.screens.get(view.session.facts.launchId) === DENIAL;
      if (key === "Escape") show(denies ? DIALOG : DENIAL);
      if (key === "Enter") show(COMPOSER);
    };
  };

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    const binary = join(world.deps.paths.home, "kilo");
    writeFileSync(binary, "#!/bin/sh\necho 7.7.9\n");
    chmodSync(binary, 0o755);
    const environment = { ...world.deps.daemonEnv, AO_KILOCODE_BIN: binary };
    view = await world.sessions.spawn(spawnRequest({ harness: "kilocode", prompt: "x", environment }));
    const agent = playAgent(world, view);
    await agent.start();
    await agent.hook("chat.message", { nativeSessionId: "ses_1", prompt: "x" });
    await agent.hook("permission.asked", { nativeSessionId: "ses_1", toolName: "bash", requestId: "per_1" });
    show(DIALOG);
  });
  s.afterEach(() => world.close());

  s.test("is confirmed", async () => {
    play();
    await answer("deny");
    assert.equal(typed(), ["<Escape>", "<Enter>"]);
  });

  s.test("is confirmed once its question stands, however often its first key was lost", async () => {
    play(1);
    await answer("deny");
    assert.equal(typed(), ["<Escape>", "<Escape>", "<Enter>"]);
  });

  s.test("is confirmed where a person has begun it", async () => {
    play();
    show(DENIAL);
    await answer("deny");
    assert.equal(typed(), ["<Enter>"]);
  });

  s.test("gets no Enter while a late key still takes it back", async () => {
    let escapes = 0;
    world.host.onKeys = (_handle, [key]) => {
      if (key === "Enter") return show(COMPOSER);
      escapes += 1;
      show(DENIAL);
      if (escapes === 1) setTimeout(() => show(DIALOG), 150);
    };
    await answer("deny");
    assert.equal(typed(), ["<Escape>", "<Escape>", "<Enter>"]);
  });

  s.test("is no place to approve", async () => {
    play();
    show(DENIAL);
    assert.match((await rejects(answer("approve"), "ANSWER_NOT_TAKEN")).message, /is being denied there/);
    assert.equal(typed(), []);
  });

  s.test("is what interrupts a turn at its dialog", async () => {
    play();
    assert.ok((await world.sessions.interrupt("shop-1")).interrupted);
    assert.equal(typed(), ["<Escape>", "<Enter>"]);
  });
});
