import * as assert from "uvu/assert";
import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { suite } from "../support/suite.ts";
import { TRAITS, tell } from "./story.ts";

const AT_START: HarnessTraits = { ...TRAITS, answersFirst: "tool_start" };
const AT_END: HarnessTraits = { ...TRAITS, answersFirst: "tool_end" };
const ONE = { toolName: "Bash", toolInputDigest: "d1" };
const TWO = { toolName: "Bash", toolInputDigest: "d2" };

/** Two dialogs are open, as two answers of an agent whose requests come before (qwen) or after the tools begin (gemini). */
function asked(traits: HarnessTraits) {
  const story = tell({ traits });
  story.see("prompt", {}, { at: 1000 });
  if (traits === AT_END) story.see("tool_start", ONE, { at: 1500 });
  if (traits === AT_END) story.see("tool_start", TWO, { at: 1600 });
  // Gemini's requests do not name their tool, and count as one.
  story.see("permission_request", traits === AT_END ? { message: "one" } : ONE, { at: 2000 });
  story.see("permission_request", traits === AT_END ? { message: "two" } : TWO, { at: 2100 });
  assert.is(story.status(), "needs_input");
  return story;
}

suite("tools that run together once all of their dialogs are decided", ({ test }) => {
  test("the first that begins tells that no dialog is open (qwen)", () => {
    const story = asked(AT_START);
    const { rule, outcome } = story.see("tool_start", { ...ONE, toolUseId: "t1" }, { at: 5000 });
    assert.equal([rule, outcome], ["R5", "applied"]);
    assert.is(story.status(), "working");
    story.see("permission_request", TWO, { at: 2200 });
    assert.is(story.status(), "working");
    story.see("permission_request", TWO, { at: 6000 });
    assert.is(story.status(), "needs_input");
  });

  test("where they begin before their dialogs, the first that ends does (gemini)", () => {
    const story = asked(AT_END);
    story.see("tool_start", { toolName: "Read" }, { at: 3000 });
    assert.is(story.status(), "needs_input");
    story.see("tool_end", TWO, { at: 5000 });
    assert.is(story.status(), "working");
    story.see("tool_end", ONE, { at: 9000 });
    assert.is(story.status(), "working");
  });

  test("a tool that ended before the dialogs, and a subagent's, tell nothing of them", () => {
    for (const traits of [AT_START, AT_END]) {
      const story = asked(traits);
      const open = story.facts.requests;
      story.see("tool_end", { toolName: "Read" }, { at: 1900 });
      story.see("tool_start", { ...ONE, agentId: "a1" }, { at: 5000 });
      story.see("tool_end", { ...ONE, agentId: "a1" }, { at: 6000 });
      assert.equal(story.facts.requests, open);
    }
  });

  test("elsewhere one tool says nothing of another's dialog", () => {
    const story = tell();
    story.see("prompt");
    story.see("permission_request", ONE);
    story.see("permission_request", TWO);
    story.see("tool_start", { ...ONE, toolUseId: "t1" });
    story.see("tool_end", { ...ONE, toolUseId: "t1" });
    assert.is(story.status(), "needs_input");
  });
});
