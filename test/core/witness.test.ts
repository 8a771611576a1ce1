import * as assert from "uvu/assert";
import { WITNESS_NO_DIALOG } from "../../src/core/signal.ts";
import { suite } from "../support/suite.ts";
import { T0, tell } from "./story.ts";

const BASH = { toolName: "Bash", toolInputDigest: "d1" };

function blocked() {
  const story = tell();
  story.see("prompt", {}, { at: 1000 });
  story.see("permission_request", BASH, { at: 2000 });
  return story;
}

suite("R8: the second witness", ({ test }) => {
  test("ends a turn no hook ended (Esc)", () => {
    const story = tell();
    story.see("prompt");
    story.see("witness_idle");
    assert.is(story.status(), "idle");
  });

  test("begins a turn no hook began", () => {
    const story = tell();
    story.see("witness_active");
    assert.is(story.status(), "working");
  });

  test("an approval: the dialog it showed is gone", () => {
    const story = blocked();
    story.see("witness_blocked", { type: "permission" }, { at: 2030 });
    assert.is(story.facts.requests[0]?.witnessed, true);
    assert.is(story.facts.requests[0]?.tool, "Bash");
    const { rule } = story.see("witness_active", {}, { at: 2100 });
    assert.is(rule, "R5");
    assert.is(story.status(), "working");
  });

  test("an approval that is told late, after another tool's end: the dialog it showed is gone all the same", () => {
    const story = blocked();
    story.see("witness_blocked", { type: "permission" }, { at: 2030 });
    story.see("tool_end", { toolName: "Read", toolUseId: "t9" }, { at: 2600 });
    assert.is(story.status(), "needs_input");
    const { rule } = story.see("witness_active", {}, { at: 2100 });
    assert.is(rule, "R5");
    assert.is(story.status(), "working");
  });

  test("a dialog that was seen on screen does not make the witness one that shows dialogs", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    const { rule } = story.see("witness_blocked", { requestId: "screen-1" }, { at: 3000, kind: "probe" });
    assert.is(rule, "R5");
    assert.is(story.status(), "needs_input");
    story.see("request_answered", { requestId: "screen-1" }, { at: 4000, kind: "probe" });
    assert.is(story.status(), "working");
    story.see("permission_request", BASH, { at: 5000 });
    story.see("witness_active", {}, { at: 6000 });
    assert.is(story.status(), "needs_input", "it never showed one of its own");
  });

  test("a second dialog right behind the first: word of the first one's end that comes late does not end it", () => {
    const inOrder = blocked();
    inOrder.see("witness_active", {}, { at: 4000 });
    inOrder.see("witness_blocked", {}, { at: 4050 });
    const reversed = blocked();
    reversed.see("witness_blocked", {}, { at: 2030 });
    reversed.see("witness_blocked", {}, { at: 4050 });
    reversed.see("witness_active", {}, { at: 4000 });
    for (const story of [inOrder, reversed]) {
      assert.is(story.status(), "needs_input");
      story.see("witness_active", {}, { at: 5000 });
      assert.is(story.status(), "working");
    }
  });

  test("work that it saw before a subagent's end is no proof of the root's turn, whichever is told first", () => {
    const rest = () => {
      const story = tell();
      story.see("prompt", {}, { at: 1000 });
      story.see("subagent_start", { agentId: "a1" }, { at: 2000 });
      story.see("turn_end", { backgroundTasks: 1 }, { at: 3000 });
      return story;
    };
    const inOrder = rest();
    inOrder.see("witness_active", {}, { at: 5000 });
    inOrder.see("subagent_end", { agentId: "a1" }, { at: 5700 });
    const reversed = rest();
    reversed.see("subagent_end", { agentId: "a1" }, { at: 5700 });
    reversed.see("witness_active", {}, { at: 5000 });
    for (const story of [inOrder, reversed]) {
      assert.is(story.status(), "idle");
      story.see("witness_active", {}, { at: 6000 });
      assert.is(story.status(), "working");
    }
  });

  test("a denial", () => {
    const story = blocked();
    story.see("witness_blocked", {}, { at: 2030 });
    story.see("witness_idle", {}, { at: 2100 });
    assert.is(story.status(), "idle");
  });

  test("what was written just before a dialog does not end it", () => {
    const story = blocked();
    story.see("witness_active", {}, { at: 2020 });
    assert.is(story.status(), "needs_input");
    story.see("witness_idle", {}, { at: 2100 });
    assert.is(story.status(), "needs_input");
  });

  test("a dialog it missed ends half a second later, if it shows dialogs at all", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("witness_blocked", {}, { at: 1500 });
    story.see("witness_active", {}, { at: 1600 });
    story.see("permission_request", BASH, { at: 8000 });
    story.see("witness_active", {}, { at: 8499 });
    assert.is(story.status(), "needs_input");
    story.see("witness_active", {}, { at: 8500 });
    assert.is(story.status(), "working");
  });

  test("a dialog that was answered before it was shown is over, if the witness says that none is open", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("permission_request", BASH, { at: 2000 });
    story.see("witness_active", { type: WITNESS_NO_DIALOG }, { at: 2100 });
    assert.is(story.status(), "needs_input", "written just before the dialog");
    story.see("witness_active", { type: WITNESS_NO_DIALOG }, { at: 2260 });
    assert.is(story.status(), "working");
  });

  test("begins a dialog of its own where hooks said nothing, and the hook completes it", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("witness_blocked", { type: "question" }, { at: 2030 });
    assert.is(story.reason(), "asks a question");
    story.see("permission_request", { ...BASH, requestId: "r1" }, { at: 2000 });
    assert.is(story.facts.requests.length, 1);
    assert.is(story.reason(), "waits for permission to use Bash");
    assert.is(story.facts.requests[0]?.requestId, "r1");
    assert.is(story.facts.requests[0]?.since, T0 + 2000);
    assert.is(story.facts.requests[0]?.witnessed, true);
  });

  test("names a dialog by the agent's word for it", () => {
    const words = [undefined, "permission", "sandbox request", "question", "dialog open"];
    const kinds = words.map((type) => {
      const story = tell();
      story.see("witness_blocked", { type });
      return story.facts.requests[0]?.kind;
    });
    assert.equal(kinds, ["permission", "permission", "permission", "question", "question"]);
  });

  test("older than the turn's evidence, it is superseded", () => {
    for (const meaning of ["witness_active", "witness_idle", "witness_blocked"] as const) {
      const story = tell();
      story.see("prompt", {}, { at: 1000 });
      story.see("turn_end", {}, { at: 2000 });
      assert.is(story.see(meaning, {}, { at: 1500 }).outcome, "superseded", meaning);
      assert.is(story.status(), "idle");
    }
  });

  test("busy while only the background works is no turn", () => {
    const story = tell();
    story.see("prompt");
    story.see("turn_end", { backgroundTasks: 1 });
    story.see("witness_active");
    assert.is(story.status(), "idle");
  });

  test("busy while a subagent asks is no turn of the root", () => {
    const story = tell();
    story.see("turn_end", {}, { at: 1000 });
    story.see("permission_request", { ...BASH, agentId: "a1" }, { at: 2000 });
    story.see("witness_active", {}, { at: 2050 });
    assert.is(story.status(), "needs_input");
    story.see("tool_end", { ...BASH, agentId: "a1" }, { at: 3000 });
    assert.is(story.status(), "idle");
  });

  test("a lease renews and does nothing else", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    assert.is(story.see("witness_active", { type: "lease" }, { at: 60_000 }).outcome, "recorded");
    assert.is(story.status(119_999), "working");
    story.see("turn_end", {}, { at: 70_000 });
    story.see("witness_active", { type: "lease" }, { at: 71_000 });
    assert.is(story.status(), "idle");
  });

  test("a plugin's heartbeat for another conversation is not the root's", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1" });
    story.see("turn_end", { nativeSessionId: "n1" });
    story.see("witness_active", { nativeSessionId: "c1" }, { kind: "hook" });
    assert.is(story.status(), "idle");
  });

  test("a prompt of the conversation it saw work before makes that the current one", () => {
    const story = tell();
    story.see("prompt", { nativeSessionId: "n1" });
    story.see("turn_end", { nativeSessionId: "n1" });
    story.see("witness_active", { nativeSessionId: "n2" });
    story.see("prompt", { nativeSessionId: "hidden-thread" });
    assert.equal(story.facts.nativeSessionIds, ["n1"]);
    story.see("prompt", { nativeSessionId: "n2" });
    assert.equal(story.facts.nativeSessionIds, ["n1", "n2"]);
  });

  test("idle does not end a wait for the next instruction", () => {
    const story = tell();
    story.see("notify_input");
    story.see("witness_idle");
    assert.is(story.facts.activity.state, "waiting_input");
  });

  test("an unverified turn is confirmed", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    const { outcome } = story.see("witness_active", {}, { at: 500_000 });
    assert.is(outcome, "applied");
    assert.is(story.status(), "working");
  });
});
