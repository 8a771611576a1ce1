import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { T0, tell } from "./story.ts";

suite("turns that were stopped", ({ test }) => {
  const inMidTool = () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("tool_start", { toolUseId: "t1", toolName: "Bash" }, { at: 2000 });
    return story;
  };
  const END = { toolUseId: "t1", toolName: "Bash" };

  for (const meaning of ["tool_end", "tool_batch_end"] as const) {
    test(`${meaning} of the turn that was stopped does not begin it again, whichever is told first`, () => {
      const inOrder = inMidTool();
      inOrder.see("turn_interrupted", {}, { at: 3000 });
      assert.is(inOrder.see(meaning, END, { at: 4500 }).outcome, "recorded");
      const reversed = inMidTool();
      reversed.see(meaning, END, { at: 4500 });
      assert.is(reversed.status(), "working");
      assert.is(reversed.see("turn_interrupted", {}, { at: 3000 }).outcome, "applied");
      for (const story of [inOrder, reversed]) {
        assert.is(story.status(), "idle");
        assert.is(story.facts.activity.since, T0 + 3000);
        // Neither does a second one, nor one after the witness has seen the end of the turn.
        story.see("witness_idle", {}, { at: 5000 });
        story.see("tool_end", { toolName: "Bash" }, { at: 5500 });
        assert.is(story.status(), "idle");
      }
    });
  }

  test("that it was stopped may be told after its end: its tools begin nothing then, a new turn's do", () => {
    const story = inMidTool();
    story.see("turn_end", {}, { at: 3016 });
    assert.is(story.see("turn_interrupted", {}, { at: 3000 }).outcome, "superseded");
    story.see("tool_end", END, { at: 3028 });
    assert.is(story.status(), "idle");
    story.see("prompt", {}, { at: 5000 });
    story.see("turn_interrupted", {}, { at: 3000 });
    story.see("tool_end", { toolName: "Read" }, { at: 6000 });
    assert.is(story.status(), "working");
  });

  test("a tool without an id, or of which no beginning was told, does not either", () => {
    for (const fields of [{}, { toolName: "Write" }, { toolUseId: "t9" }]) {
      const story = inMidTool();
      story.see("turn_interrupted");
      story.see("tool_end", fields);
      assert.is(story.status(), "idle");
    }
  });

  for (const meaning of ["prompt", "prompt_synthetic", "progress", "tool_start", "witness_active"] as const) {
    test(`${meaning} begins a new turn after one that was stopped, and its tools' ends go on with it`, () => {
      const story = inMidTool();
      story.see("turn_interrupted");
      story.see(meaning, { toolUseId: "t2", toolName: "Bash" });
      assert.is(story.status(), "working");
      story.see("turn_end");
      story.see("tool_end", { toolUseId: "t2", toolName: "Bash" });
      assert.is(story.status(), "working");
    });
  }

  test("an interrupt told after a prompt that is newer stops nothing", () => {
    const story = inMidTool();
    story.see("tool_end", END, { at: 4000 });
    story.see("prompt", {}, { at: 5000 });
    story.see("tool_end", { toolName: "Bash" }, { at: 7000 });
    story.see("turn_interrupted", {}, { at: 4500 });
    assert.is(story.status(), "working");
    story.see("turn_interrupted", {}, { at: 6000 });
    assert.is(story.status(), "idle");
  });
});
