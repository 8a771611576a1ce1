import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** Qwen Code. Facts seen with 0.24.4 against a mock model unless a line says otherwise. */
export const qwen: HarnessSpec = {
  id: "qwen",
  displayName: "Qwen Code",
  facts: { evidence: "seen", version: "0.24.4", source: "run against a mock model, terminal and headless" },
  binary: {
    names: ["qwen"],
    variable: "AO_QWEN_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "^(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      { when: "prompt", args: ["--prompt-interactive={prompt}"] },
    ],
    headless: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      "--prompt={prompt}",
    ],
    // Without the flag 0.24.4 runs in "auto" and shows few dialogs.
    permission: {
      default: { args: ["--approval-mode=default"] },
      "accept-edits": { args: ["--approval-mode=auto-edit"] },
      auto: { args: ["--approval-mode=auto"] },
      "bypass-permissions": { args: ["--approval-mode=yolo"] },
    },
    prompt: "in_command",
    env: { QWEN_CODE_NO_RELAUNCH: "true" },
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      {
        kind: "json",
        place: "launch",
        path: "settings.json",
        // The variable replaces the administrator's file, so that is merged in.
        base: [
          "{QWEN_CODE_SYSTEM_SETTINGS_PATH}",
          "/etc/qwen-code/settings.json",
          "/Library/Application Support/QwenCode/settings.json",
        ],
        // Timeout in seconds.
        hooks: claudeHooks(10),
      },
    ],
    args: [],
    env: { QWEN_CODE_SYSTEM_SETTINGS_PATH: "{dir}/settings.json" },
  },
  events: {
    SessionStart: "conversation_start",
    SessionEnd: [
      { when: [{ field: "reason", in: ["clear", "resume"] }], means: "receipt" },
      { means: "conversation_end" },
    ],
    // After every batch of tools it comes again, with an empty prompt.
    UserPromptSubmit: [
      { when: [{ field: "prompt", present: false }], means: "prompt_synthetic" },
      { means: "prompt" },
    ],
    // Comes before PreToolUse, which then tells of the approval.
    PermissionRequest: [
      {
        when: [{ field: "toolName", in: ["ask_user_question", "exit_plan_mode"] }],
        means: "question_request",
      },
      { means: "permission_request" },
    ],
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PostToolUseFailure: "tool_end",
    // Of every end, also Esc and a denial, at once; auth_success at every start.
    Notification: [
      { when: [{ field: "type", equals: "permission_prompt" }], means: "notify_permission" },
      { when: [{ field: "type", equals: "idle_prompt" }], means: "notify_idle" },
      { means: "receipt" },
    ],
    Stop: "turn_end",
    StopFailure: "turn_failed",
    SubagentStart: "subagent_start",
    SubagentStop: "subagent_end",
    PreCompact: "compact_start",
    PostCompact: "compact_end",
  },
  // PostToolBatch, MessageDisplay and Notification are not awaited by the agent: the first two may come after the end.
  otherEvents: [
    "InstructionsLoaded",
    "MessageDisplay",
    "PermissionDenied",
    "PostToolBatch",
    "SessionDelete",
    "TodoCompleted",
    "TodoCreated",
  ],
  payload: CLAUDE_SHAPED_PAYLOAD,
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    exitSignal: true,
    resume: true,
    secondWitness: true,
    answer: true,
  },
  limits: [
    "Without a terminal no SessionEnd comes: the launcher sees the end.",
    "npm's `qwen` starts the agent as its child: a SIGKILL of that launcher alone leaves the agent, until the kill of the session.",
  ],
  gates: [{ gate: "login", how: "named", note: "run `qwen` once and set up a provider" }],
  // Its scheduler runs tools that were asked for together once none of them awaits an answer (seen, and read from it).
  traits: { hooks: true, firstSignal: "launch", secondWitness: true, answersFirst: "tool_start" },
  witness: { qwenHome: ["{QWEN_HOME}", "{HOME}/.qwen"] },
  screen: {
    version: "0.24.4",
    gates: [
      { gate: "login", lines: 20, all: ["(How would you like to authenticate|Select Authentication)"] },
    ],
    dialog: [
      { lines: 12, all: ["^\\s*(› )?\\s*1\\. ", "\\(esc\\)\\s*$"] },
      { lines: 3, all: ["Waiting for user confirmation"] },
    ],
    busy: [{ lines: 12, all: ["esc to cancel"] }],
    ready: [{ lines: 8, all: ["Type your message or @path/to/file"] }],
    composer: "─{20,}\\s*\\n[>!] ([^─]*)\\n─{20,}[^─]*$",
    // A space of no width stands behind the cursor.
    composerMargin: "\\u200b",
    placeholders: ["Type your message or @path/to/file"],
  },
  // Esc before the first word puts the prompt back into the composer. Ctrl-C empties it; in an empty one it would end
  // the agent.
  keys: { interrupt: ["Escape"], approve: ["Enter"], deny: ["Escape"], clear: ["C-c"] },
};
