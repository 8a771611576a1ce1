import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { tell } from "./story.ts";

const ASKS = { toolName: "ask_user", toolInputDigest: "d1" };
const OTHER = { toolName: "bash", toolInputDigest: "d2" };

suite("requests that do not name their tool (copilot)", ({ test }) => {
  test("the end of the only tool that was open ends it", () => {
    const story = tell();
    story.see("prompt");
    story.see("tool_start", ASKS);
    story.see("question_request", { message: "Information requested" });
    assert.is(story.status(), "needs_input");
    assert.is(story.facts.requests[0]?.tool, undefined);
    story.see("tool_end", OTHER);
    assert.is(story.status(), "needs_input");
    const { rule, outcome } = story.see("tool_end", ASKS);
    assert.equal([rule, outcome], ["R5", "applied"]);
    assert.is(story.status(), "working");
  });

  test("with several open it may be about any of them, and none of their ends ends it", () => {
    const story = tell();
    story.see("prompt");
    story.see("tool_start", ASKS);
    story.see("tool_start", OTHER);
    story.see("permission_request", { message: "Run command" });
    story.see("tool_end", OTHER);
    story.see("tool_end", ASKS);
    assert.is(story.status(), "needs_input");
  });

  test("with several open it may be about any of them, also where their beginnings are told after it", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("permission_request", { message: "Run command" }, { at: 3000 });
    story.see("tool_start", OTHER, { at: 2500 });
    story.see("tool_start", ASKS, { at: 2400 });
    story.see("tool_end", OTHER, { at: 4000 });
    assert.is(story.status(), "needs_input");
  });

  test("a tool of somebody else's, or one that ended before, is not the one", () => {
    const story = tell();
    story.see("prompt");
    story.see("tool_start", { ...OTHER, agentId: "a1" });
    story.see("tool_start", ASKS);
    story.see("tool_end", ASKS);
    story.see("permission_request", {});
    story.see("tool_start", ASKS);
    story.see("tool_end", ASKS);
    story.see("tool_end", { ...OTHER, agentId: "a1" });
    assert.is(story.status(), "needs_input");
  });
});

suite("a tool that is a dialog (codex)", ({ test }) => {
  const asked = () => {
    const story = tell();
    story.see("prompt");
    story.see("question_request", { toolName: "request_user_input", toolUseId: "c1" });
    assert.is(story.reason(), "asks a question");
    return story;
  };

  test("is over at its own end, and at the witness's word of its output", () => {
    const ended = asked();
    ended.see("tool_end", { toolName: "request_user_input", toolUseId: "c1" });
    const answered = asked();
    answered.see("request_answered", { toolUseId: "c2" }, { kind: "witness" });
    assert.is(answered.status(), "needs_input");
    answered.see("request_answered", { toolUseId: "c1" }, { kind: "witness" });
    const late = tell();
    late.see("prompt", {}, { at: 1000 });
    late.see("request_answered", { toolUseId: "c1" }, { at: 3000, kind: "witness" });
    late.see("question_request", { toolName: "request_user_input", toolUseId: "c1" }, { at: 2000 });
    for (const story of [ended, answered, late]) assert.is(story.status(), "working");
  });
});
