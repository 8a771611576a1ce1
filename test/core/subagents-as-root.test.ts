import * as assert from "uvu/assert";
import { createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";
import { tell } from "./story.ts";

const { extract, interpret, traits } = createHarnesses().get("kimi");
const TASK = { tool_name: "Agent", tool_call_id: "call_1", tool_input: { prompt: "look" } };
const SHELL = { tool_name: "Bash", tool_call_id: "call_2", tool_input: { command: "ls" } };
const CODER = { agent_name: "coder" };

/** A turn of kimi 2.1.0, told by its own payloads, whose root has given work to a subagent. */
function turn() {
  const story = tell({ traits });
  const see = (event: string, payload: object = {}, at?: number) => {
    const fields = extract(event, JSON.stringify({ session_id: "n1", hook_event_name: event, ...payload }));
    const meaning = interpret(event, fields);
    assert.ok(meaning, event);
    return story.see(meaning, fields, at === undefined ? {} : { at });
  };
  see("SessionStart");
  see("UserPromptSubmit", { prompt: "a task" });
  see("PreToolUse", TASK);
  see("SubagentStart", CODER);
  return { story, see };
}

suite("kimi's subagents, whose turns are told as the root's", ({ test }) => {
  for (const end of ["Stop", "StopFailure"])
    test(`${end} while the root waits for its subagent is the subagent's`, () => {
      const { story, see } = turn();
      see("PreToolUse", SHELL);
      see("PostToolUse", SHELL);
      assert.is(see(end).rule, "R7");
      assert.is(story.status(), "working");
      see("SubagentStop", CODER);
      see("PostToolUse", TASK);
      assert.is(story.status(), "working");
      see("Stop");
      assert.is(story.status(), "idle");
    });

  test("the root's own end that comes before word of its subagent's holds all the same", () => {
    for (const [first, second] of [
      ["SubagentStop", "PostToolUse"],
      ["PostToolUse", "SubagentStop"],
    ] as const) {
      const { story, see } = turn();
      const payload = { SubagentStop: CODER, PostToolUse: TASK };
      see("Stop", {}, 9000);
      assert.is(story.status(), "working");
      see(first, payload[first], 8000);
      see(second, payload[second], 8500);
      assert.is(story.status(), "idle", first);
    }
  });

  test("the root's own end comes through before the late word of its tool's end", () => {
    const { story, see } = turn();
    see("Stop");
    see("SubagentStop", CODER);
    see("Stop");
    assert.is(story.status(), "idle");
  });

  test("a subagent in the background, whose tool has ended, leaves the root its own end", () => {
    const { story, see } = turn();
    see("PostToolUse", TASK);
    see("Stop");
    assert.is(story.status(), "idle");
  });

  test("a person's Esc ends all, and the next turn ends by itself", () => {
    const { story, see } = turn();
    see("Interrupt", { reason: "cancelled" });
    assert.is(story.status(), "idle");
    see("UserPromptSubmit", { prompt: "another" });
    see("Stop");
    assert.is(story.status(), "idle");
  });
});
