import * as assert from "uvu/assert";
import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { nextStatusChange } from "../../src/core/status.ts";
import { suite } from "../support/suite.ts";
import { T0, TRAITS, tell } from "./story.ts";

const LAZY: HarnessTraits = { ...TRAITS, firstSignal: "prompt" };
const NO_HOOKS: HarnessTraits = { hooks: false, firstSignal: "prompt", secondWitness: false };

suite("status", ({ test }) => {
  test("R8: a turn without news for two minutes is unverified, never idle", () => {
    const story = tell();
    story.see("prompt");
    assert.is(story.status(119_999), "working");
    assert.is(story.status(120_000), "unverified");
    assert.is(story.reason(185_000), "no news for 3 min");
    assert.is(nextStatusChange(story.facts, TRAITS, story.now), story.now + 120_000);
    assert.is(nextStatusChange(story.facts, TRAITS, story.now + 120_000), undefined);
  });

  test("R8: a subagent's hook renews the lease, a probe does not", () => {
    const story = tell();
    story.see("prompt", {}, { at: 0 });
    story.see("tool_start", { agentId: "a1", toolName: "Bash" }, { at: 100_000 });
    assert.is(story.status(119_999), "working");
    story.see("process_alive", {}, { at: 150_000 });
    assert.is(story.status(70_000), "unverified");
  });

  test("R8: what waits for a person or is idle stays so", () => {
    const idle = tell();
    idle.see("turn_end");
    assert.is(idle.status(86_400_000), "idle");
    const blocked = tell();
    blocked.see("permission_request", {});
    assert.is(blocked.status(86_400_000), "needs_input");
  });

  test("R10: silence of an agent with hooks is no_signal after 90 s", () => {
    const story = tell();
    assert.is(story.status(), "starting");
    assert.is(story.status(89_999), "starting");
    assert.is(story.status(90_000), "no_signal");
    assert.is(nextStatusChange(story.facts, TRAITS, T0), T0 + 90_000);
    story.see("receipt", {}, { at: 100_000 });
    assert.is(story.status(), "idle");
    assert.is(story.reason(), "waits for its first prompt");
  });

  test("R10: an agent that says nothing before its first prompt is never no_signal without one", () => {
    const story = tell({ traits: LAZY });
    assert.is(story.status(), "starting");
    assert.is(story.status(90_000), "idle");
    story.see("screen_ready");
    assert.is(story.status(), "idle");
    assert.is(story.status(86_400_000), "idle");
  });

  test("R10: an agent that says nothing before its first prompt, and has none, is idle 5 s after its process was seen", () => {
    const story = tell({ traits: LAZY });
    assert.is(story.status(4999), "starting");
    assert.is(story.status(5000), "idle");
    assert.match(story.reason(5000), /no prompt yet/);
    assert.is(nextStatusChange(story.facts, LAZY, T0), T0 + 5000);
    story.see("screen_gate", { type: "trust" }, { at: 6000 });
    assert.is(story.status(60_000), "starting");
    story.see("screen_ready", {}, { at: 7000 });
    assert.is(story.status(), "idle");
  });

  test("R10: five seconds of silence tell nothing of an agent that reports at its start, or whose process is not seen", () => {
    assert.is(tell().status(5000), "starting");
    assert.is(tell({ traits: LAZY, running: false }).status(60_000), "starting");
    assert.is(tell({ traits: LAZY, promptPending: true }).status(60_000), "starting");
  });

  test("R10: with a prompt given, its silence counts", () => {
    const story = tell({ traits: LAZY, promptPending: true });
    story.see("screen_ready", {}, { at: 1000 });
    assert.is(story.status(), "starting");
    assert.is(story.status(89_000), "no_signal");
  });

  test("R10: a witness that speaks is a sign, too", () => {
    const story = tell();
    story.see("witness_idle", {}, { at: 1000 });
    assert.is(story.status(), "idle");
    assert.is(story.status(200_000), "idle");
  });

  test("a prompt given at launch is awaited for 90 s", () => {
    const story = tell({ promptPending: true });
    story.see("conversation_start", { source: "startup" }, { at: 1000 });
    assert.is(story.status(), "starting");
    assert.is(story.status(89_000), "idle");
    assert.is(nextStatusChange(story.facts, TRAITS, story.now), T0 + 90_000);
    story.see("prompt", {}, { at: 2000 });
    assert.is(story.status(), "working");
    assert.is(story.facts.promptPending, false);
  });

  test("R11: a start names its gate, and its length", () => {
    const story = tell({ running: false });
    assert.is(story.reason(), "waits for its process");
    assert.is(story.reason(42_000), "no sign of its process for 42 s");
    assert.is(story.status(600_000), "starting");
    story.see("process_started", { pid: 1 }, { at: 100 });
    story.see("screen_gate", { type: "trust" }, { at: 200 });
    assert.is(story.status(), "starting");
    assert.is(story.reason(), "trust dialog on screen");
    assert.is(story.status(600_000), "starting");
    story.see("screen_ready", {}, { at: 300 });
    assert.is(story.facts.gate, undefined);
  });

  test("R11: a gate seen before the composer is past", () => {
    const story = tell({ traits: LAZY });
    story.see("screen_ready", {}, { at: 2000 });
    assert.is(story.see("screen_gate", { type: "trust" }, { at: 1000 }).outcome, "superseded");
    assert.is(story.status(), "idle");
  });

  test("R11: the first hook opens the gate, and none is seen after it", () => {
    const story = tell();
    story.see("screen_gate", { type: "hooks_review" });
    story.see("receipt");
    assert.is(story.status(), "idle");
    story.see("screen_gate", { type: "trust" });
    assert.is(story.status(), "idle");
  });

  test("an agent without hooks is never no_signal, and shows what its files tell", () => {
    const story = tell({ traits: NO_HOOKS, promptPending: true });
    assert.is(story.status(), "unverified");
    assert.is(story.status(86_400_000), "unverified");
    story.see("witness_active");
    assert.is(story.status(), "working");
    story.see("witness_idle");
    assert.is(story.status(), "idle");
    story.see("process_exited", { exitCode: 0 });
    assert.is(story.status(), "exited");
  });

  test("an agent without hooks whose screen is a witness starts, and has its time to begin", () => {
    const seen = { ...NO_HOOKS, secondWitness: true };
    for (const promptPending of [true, false]) {
      const story = tell({ traits: seen, promptPending });
      assert.is(story.status(), "starting");
      assert.is(nextStatusChange(story.facts, seen, story.now), T0 + 90_000);
      assert.is(story.status(90_000), "unverified");
      story.see("witness_active", {}, { at: 95_000 });
      assert.is(story.status(), "working");
    }
  });

  test("an agent without hooks or prompt is idle once its composer was seen", () => {
    const story = tell({ traits: NO_HOOKS });
    story.see("screen_ready");
    assert.is(story.status(), "idle");
  });

  test("R9: a stopped process is alive: its turn is unverified, everything else stays, until it goes on or ends", () => {
    const story = tell();
    story.see("prompt");
    story.see("process_stopped");
    assert.is(story.status(), "unverified");
    assert.match(story.reason(), /^its process is stopped/);
    story.see("process_continued");
    assert.is(story.status(), "working");
    story.see("permission_request", { toolName: "Bash" });
    story.see("process_stopped");
    assert.is(story.status(), "needs_input");
    assert.match(story.reason(), /permission to use Bash; its process is stopped/);
    story.see("progress", {}, { at: 3500 });
    assert.match(story.reason(), /stopped/, "older than the look");
    story.see("turn_end");
    assert.is(story.status(), "idle");
    assert.not.match(story.reason(), /stopped/, "it has spoken since");
    story.see("prompt");
    story.see("process_stopped");
    story.see("process_exited", { exitSignal: "SIGKILL" });
    assert.is(story.reason(), "killed by SIGKILL");
    assert.is(story.facts.process.stoppedTime, undefined);
  });
});
