import * as assert from "uvu/assert";
import type { Meaning, SignalFields } from "../../src/core/signal.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";

type Row = [event: string, fields: SignalFields, meaning: Meaning | undefined];

const CHILD = { agentId: "child" };

/** What an expert expects of each agent's events (harnesses.md A2, A3). */
const TABLES: Readonly<Record<string, readonly Row[]>> = {
  "claude-code": [
    ["SessionStart", { source: "startup" }, "conversation_start"],
    ["SessionStart", { source: "compact" }, "conversation_start"],
    ["SessionEnd", { reason: "prompt_input_exit" }, "conversation_end"],
    ["SessionEnd", { reason: "other" }, "conversation_end"],
    ["SessionEnd", { reason: "clear" }, "receipt"],
    ["SessionEnd", { reason: "resume" }, "receipt"],
    ["UserPromptSubmit", { prompt: "mend it" }, "prompt"],
    ["UserPromptSubmit", {}, "prompt"],
    ["UserPromptSubmit", { prompt: "<task-notification>\n<id>1</id>" }, "prompt_synthetic"],
    ["UserPromptSubmit", { prompt: "what is a <task-notification>?" }, "prompt"],
    ["PreToolUse", { toolName: "Bash" }, "tool_start"],
    ["PreToolUse", { toolName: "AskUserQuestion" }, "tool_start"],
    ["PostToolUse", { toolName: "Bash" }, "tool_end"],
    ["PostToolUseFailure", { toolName: "Bash" }, "tool_end"],
    ["PostToolBatch", {}, "tool_batch_end"],
    ["PermissionRequest", { toolName: "Bash" }, "permission_request"],
    ["PermissionRequest", { toolName: "Bash", ...CHILD }, "permission_request"],
    ["PermissionRequest", { toolName: "AskUserQuestion" }, "question_request"],
    ["PermissionRequest", { toolName: "ExitPlanMode" }, "question_request"],
    ["PermissionDenied", { toolName: "Bash" }, "tool_end"],
    ["Notification", { type: "permission_prompt" }, "notify_permission"],
    ["Notification", { type: "idle_prompt" }, "notify_idle"],
    ["Notification", { type: "agent_needs_input" }, "notify_input"],
    ["Notification", { type: "auth_success" }, "receipt"],
    ["Notification", {}, "receipt"],
    ["Stop", { backgroundTasks: 1 }, "turn_end"],
    ["StopFailure", { reason: "unknown" }, "turn_failed"],
    ["StopFailure", { reason: "rate_limit" }, "limit"],
    ["StopFailure", { reason: "authentication_failed" }, "auth_required"],
    ["SubagentStart", CHILD, "subagent_start"],
    ["SubagentStop", CHILD, "subagent_end"],
    ["PreCompact", { type: "manual" }, "compact_start"],
    ["PostCompact", { type: "auto" }, "compact_end"],
    ["MessageDisplay", {}, "receipt"],
    ["ConfigChange", {}, "receipt"],
    ["NoSuchEvent", {}, undefined],
    ["constructor", {}, undefined],
  ],
  codex: [
    ["SessionStart", { source: "startup" }, "conversation_start"],
    ["SessionEnd", { reason: "other" }, "conversation_end"],
    ["UserPromptSubmit", { prompt: "mend it" }, "prompt"],
    ["UserPromptSubmit", { prompt: "look", ...CHILD }, "prompt"],
    ["PreToolUse", { toolName: "Bash" }, "tool_start"],
    ["PostToolUse", { toolName: "Bash" }, "tool_end"],
    ["PermissionRequest", { toolName: "Bash" }, "permission_request"],
    ["PreCompact", {}, "compact_start"],
    ["PostCompact", {}, "compact_end"],
    ["SubagentStart", CHILD, "subagent_start"],
    ["SubagentStop", CHILD, "subagent_end"],
    ["Stop", {}, "turn_end"],
    ["Interrupt", {}, "turn_interrupted"],
    ["notify", {}, "receipt"],
    ["Notification", {}, undefined],
  ],
  opencode: [
    ["plugin.init", {}, "receipt"],
    ["session.created", {}, "conversation_start"],
    ["session.created", { parentSessionId: "root" }, "subagent_start"],
    ["chat.message", { prompt: "mend it" }, "prompt"],
    ["session.status", { type: "busy" }, "progress"],
    ["session.status", { type: "retry" }, "progress"],
    ["session.status", { type: "idle" }, "receipt"],
    ["session.idle", {}, "turn_end"],
    ["session.idle", CHILD, "subagent_end"],
    ["session.error", { reason: "MessageAbortedError" }, "turn_interrupted"],
    ["session.error", { reason: "MessageAbortedError", ...CHILD }, "receipt"],
    ["session.error", { reason: "APIError", message: "mock error 400" }, "turn_problem"],
    ["session.error", { reason: "APIError", message: "Usage limit reached" }, "limit"],
    ["session.error", { reason: "ProviderAuthError" }, "auth_required"],
    ["session.compacted", {}, "compact_end"],
    ["tool.execute.before", { toolName: "bash" }, "tool_start"],
    ["tool.execute.after", { toolName: "bash" }, "tool_end"],
    ["permission.asked", CHILD, "permission_request"],
    ["permission.replied", { reason: "deny" }, "request_answered"],
    ["question.asked", {}, "question_request"],
    ["question.replied", {}, "request_answered"],
    ["question.rejected", {}, "request_answered"],
    ["ao.busy", {}, "witness_active"],
    ["dispose", {}, "receipt"],
    ["message.updated", {}, "receipt"],
    ["session.exploded", {}, undefined],
  ],
  gemini: [
    ["SessionStart", { source: "startup" }, "conversation_start"],
    ["SessionEnd", { reason: "exit" }, "conversation_end"],
    ["SessionEnd", { reason: "clear" }, "receipt"],
    ["BeforeAgent", { prompt: "mend it" }, "prompt"],
    ["BeforeTool", { toolName: "run_shell_command" }, "tool_start"],
    ["AfterTool", { toolName: "run_shell_command" }, "tool_end"],
    ["Notification", { type: "ToolPermission" }, "permission_request"],
    ["Notification", { type: "other" }, "receipt"],
    ["AfterAgent", {}, "turn_end"],
    ["AfterModel", {}, "receipt"],
    ["PreCompress", {}, "receipt"],
  ],
  qwen: [
    ["SessionStart", { source: "startup" }, "conversation_start"],
    ["SessionEnd", { reason: "prompt_input_exit" }, "conversation_end"],
    ["SessionEnd", { reason: "clear" }, "receipt"],
    ["UserPromptSubmit", { prompt: "mend it" }, "prompt"],
    ["UserPromptSubmit", {}, "prompt_synthetic"],
    ["PermissionRequest", { toolName: "run_shell_command" }, "permission_request"],
    ["PermissionRequest", { toolName: "ask_user_question" }, "question_request"],
    ["PreToolUse", { toolName: "run_shell_command" }, "tool_start"],
    ["PostToolUse", { toolName: "run_shell_command" }, "tool_end"],
    ["PostToolUseFailure", { toolName: "run_shell_command" }, "tool_end"],
    ["Notification", { type: "permission_prompt" }, "notify_permission"],
    ["Notification", { type: "idle_prompt" }, "notify_idle"],
    ["Notification", { type: "auth_success" }, "receipt"],
    ["Stop", {}, "turn_end"],
    ["StopFailure", { reason: "unknown" }, "turn_failed"],
    ["SubagentStart", CHILD, "subagent_start"],
    ["SubagentStop", CHILD, "subagent_end"],
    ["PreCompact", {}, "compact_start"],
    ["PostCompact", {}, "compact_end"],
    ["PostToolBatch", {}, "receipt"],
  ],
  copilot: [
    ["sessionStart", { source: "new" }, "conversation_start"],
    ["sessionEnd", { reason: "complete" }, "conversation_end"],
    ["userPromptSubmitted", { prompt: "mend it" }, "prompt"],
    ["preToolUse", { toolName: "bash" }, "tool_start"],
    ["postToolUse", { toolName: "bash" }, "tool_end"],
    ["postToolUseFailure", { toolName: "bash" }, "tool_end"],
    ["permissionRequest", { toolName: "bash" }, "receipt"],
    ["notification", { type: "permission_prompt" }, "permission_request"],
    ["notification", { type: "elicitation_dialog" }, "question_request"],
    ["notification", {}, "receipt"],
    ["agentStop", {}, "turn_end"],
    ["errorOccurred", { reason: "APIError" }, "turn_failed"],
    ["subagentStart", CHILD, "subagent_start"],
    ["subagentStop", CHILD, "subagent_end"],
    ["preCompact", {}, "receipt"],
  ],
  demo: [
    ["session-start", {}, "conversation_start"],
    ["session-end", {}, "conversation_end"],
    ["prompt", {}, "prompt"],
    ["tool-start", {}, "tool_start"],
    ["tool-end", {}, "tool_end"],
    ["permission-request", {}, "permission_request"],
    ["permission-reply", {}, "request_answered"],
    ["turn-end", {}, "turn_end"],
    ["interrupted", {}, "turn_interrupted"],
    ["stop", {}, undefined],
  ],
};

suite("event tables", ({ test }) => {
  const harnesses = createHarnesses();
  for (const spec of BUILT_IN_SPECS) {
    test(`${spec.id}: each situation has its meaning`, () => {
      for (const [event, fields, meaning] of TABLES[spec.id] ?? [])
        assert.is(
          harnesses.get(spec.id).interpret(event, fields),
          meaning,
          `${event} ${JSON.stringify(fields)}`,
        );
    });

    test(`${spec.id}: every installed event is in this test's table`, () => {
      const tested = new Set((TABLES[spec.id] ?? []).map(([event]) => event));
      assert.equal(
        Object.keys(spec.events).filter((event) => !tested.has(event)),
        [],
      );
    });
  }
});
