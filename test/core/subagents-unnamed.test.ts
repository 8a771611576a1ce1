import * as assert from "uvu/assert";
import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";
import { TRAITS, tell } from "./story.ts";

const { extract, interpret, traits } = createHarnesses().get("gemini");

/** Payloads of gemini 0.61.0 with two subagents at once: none of them says whose it is. */
const TASK = {
  tool_name: "invoke_agent",
  tool_input: { agent_name: "generalist", prompt: "RUN node -e 1111" },
};
const OTHER_TASK = { tool_name: "invoke_agent", tool_input: { agent_name: "generalist", prompt: "SLOW 6" } };
const SHELL = {
  tool_name: "run_shell_command",
  tool_input: { command: "node -e 1111", description: "a mock command" },
};
const LOOK = { tool_name: "list_directory", tool_input: { dir_path: "." } };
const asksFor = (command: string) => ({
  notification_type: "ToolPermission",
  message: "Tool Confirm Shell Command requires execution",
  details: { type: "exec", title: "Confirm Shell Command", command, rootCommand: "node" },
});

/** A turn of gemini's told by its own payloads. */
function turn() {
  const story = tell({ traits });
  const see = (event: string, payload: object) => {
    const fields = extract(event, JSON.stringify({ session_id: "n1", hook_event_name: event, ...payload }));
    const meaning = interpret(event, fields);
    assert.ok(meaning, event);
    return story.see(meaning, fields);
  };
  see("BeforeAgent", { prompt: "two tasks" });
  return { story, see };
}

suite("gemini's subagents, whose events carry no id of theirs", ({ test }) => {
  test("one's tool ends while the other's dialog stands: the person is still needed", () => {
    const { story, see } = turn();
    for (const tool of [TASK, OTHER_TASK, SHELL]) see("BeforeTool", tool);
    see("Notification", asksFor("node -e 1111"));
    assert.is(story.status(), "needs_input");
    see("BeforeTool", LOOK);
    see("AfterTool", LOOK);
    assert.is(story.status(), "needs_input");
    see("AfterTool", OTHER_TASK);
    assert.is(story.status(), "needs_input");
    see("AfterTool", SHELL);
    assert.is(story.status(), "working");
  });

  test("both ask: each dialog ends with its own command", () => {
    const { story, see } = turn();
    const listing = { tool_name: "run_shell_command", tool_input: { command: "ls" } };
    for (const tool of [TASK, OTHER_TASK, SHELL, listing]) see("BeforeTool", tool);
    see("Notification", asksFor("node -e 1111"));
    see("Notification", asksFor("ls"));
    see("AfterTool", SHELL);
    assert.is(story.status(), "needs_input");
    see("AfterTool", listing);
    assert.is(story.status(), "working");
  });

  test("the end of the last subagent ends what it asked for", () => {
    const { story, see } = turn();
    for (const tool of [TASK, SHELL]) see("BeforeTool", tool);
    see("Notification", asksFor("node -e 1111"));
    see("AfterTool", TASK);
    assert.is(story.status(), "working");
  });

  test("what is no command ends with the next tool of a lone subagent, and waits where there are two", () => {
    const edit = { tool_name: "write_file", tool_input: { file_path: "a" } };
    const asksToEdit = { notification_type: "ToolPermission", details: { type: "edit", filePath: "/w/a" } };
    for (const [tasks, after] of [
      [[TASK], "working"],
      [[TASK, OTHER_TASK], "needs_input"],
    ] as const) {
      const { story, see } = turn();
      for (const tool of [...tasks, edit]) see("BeforeTool", tool);
      see("Notification", asksToEdit);
      see("BeforeTool", LOOK);
      see("AfterTool", LOOK);
      assert.is(story.status(), after);
    }
  });

  test("without a subagent the first tool that ends tells that all dialogs are decided", () => {
    const { story, see } = turn();
    const listing = { tool_name: "run_shell_command", tool_input: { command: "ls" } };
    for (const tool of [SHELL, listing]) see("BeforeTool", tool);
    see("Notification", asksFor("node -e 1111"));
    see("Notification", asksFor("ls"));
    see("AfterTool", listing);
    assert.is(story.status(), "working");
  });

  test("the trait is what makes the difference", () => {
    const plain: HarnessTraits = { ...TRAITS, answersFirst: "tool_end" };
    const story = tell({ traits: plain });
    story.see("prompt");
    story.see("tool_start", { toolName: "invoke_agent" });
    story.see("permission_request", {});
    story.see("tool_end", { toolName: "other" });
    assert.is(story.status(), "working");
  });
});

suite("grok's dialogs, which do not say whose they are", ({ test }) => {
  const begin = () => {
    const story = tell({});
    story.see("prompt", { prompt: "a task" });
    story.see("subagent_start", { agentId: "child" });
    return story;
  };
  const answer = (story: ReturnType<typeof begin>) => {
    const [{ requestId, agentId } = {}] = story.facts.requests;
    story.see("request_answered", { requestId, agentId });
  };

  test("one that opens while the root rests is its subagent's: once answered, the root rests again", () => {
    const story = begin();
    story.see("turn_end");
    const { rule, reason } = story.see("permission_request", {});
    assert.equal([rule, reason, story.status()], ["R7", "a subagent asks for permission", "needs_input"]);
    answer(story);
    assert.is(story.status(), "idle");
  });

  test("the subagent's end closes it, too", () => {
    const story = begin();
    story.see("turn_end");
    story.see("permission_request", {});
    story.see("subagent_end", { agentId: "child" });
    assert.is(story.status(), "idle");
  });

  test("while the root works it is the root's, and where no subagent runs", () => {
    const working = begin();
    working.see("permission_request", {});
    answer(working);
    assert.is(working.status(), "working");
    const alone = tell({});
    alone.see("turn_end");
    alone.see("permission_request", {});
    answer(alone);
    assert.is(alone.status(), "working");
  });
});
