import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Gemini CLI. Facts seen with 0.61.0 against a mock model unless a line says otherwise.
 *
 * Its hooks come as an extension. Extensions are read from the agent's own directory only, so it is given a copy of
 * the user's made of links, in which ao's extension stands beside the user's.
 */
export const gemini: HarnessSpec = {
  id: "gemini",
  displayName: "Gemini CLI",
  facts: { evidence: "seen", version: "0.61.0", source: "run against a mock model, terminal and -p" },
  binary: {
    names: ["gemini"],
    variable: "AO_GEMINI_BIN",
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
    permission: {
      default: { args: ["--approval-mode=default"] },
      "accept-edits": { args: ["--approval-mode=auto_edit"] },
      "bypass-permissions": { args: ["--approval-mode=yolo"] },
    },
    permissionHint:
      'Gemini CLI reviews nothing by itself: use "accept-edits" (commands ask) or "bypass-permissions" (nothing asks).',
    prompt: "in_command",
    // As launcher and child it outlives a closed terminal and every TERM (seen); this makes it one process.
    env: { GEMINI_CLI_NO_RELAUNCH: "true", NO_UPDATE_NOTIFIER: "1" },
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      {
        kind: "json",
        place: "launch",
        path: "home/.gemini/extensions/ao/gemini-extension.json",
        content: { name: "ao", version: "1.0.0" },
      },
      {
        kind: "json",
        place: "launch",
        path: "home/.gemini/extensions/ao/hooks/hooks.json",
        // Timeout in milliseconds.
        hooks: claudeHooks(10_000, { name: "ao" }),
      },
    ],
    mirror: {
      from: ["{GEMINI_CLI_HOME}/.gemini", "{HOME}/.gemini"],
      to: "home/.gemini",
      make: ["tmp", "history"],
      expect: ["settings.json", "oauth_creds.json", "google_accounts.json", "installation_id", "GEMINI.md"],
    },
    trust: {
      file: [
        "{GEMINI_CLI_TRUSTED_FOLDERS_PATH}",
        "{GEMINI_CLI_HOME}/.gemini/trustedFolders.json",
        "{HOME}/.gemini/trustedFolders.json",
      ],
      folder: ["TRUST_FOLDER"],
      parent: ["TRUST_PARENT"],
      env: { GEMINI_CLI_TRUST_WORKSPACE: "true" },
    },
    args: [],
    env: { GEMINI_CLI_HOME: "{dir}/home" },
  },
  events: {
    SessionStart: "conversation_start",
    // Three of them come at an exit.
    SessionEnd: [
      { when: [{ field: "reason", equals: "clear" }], means: "receipt" },
      { means: "conversation_end" },
    ],
    BeforeAgent: "prompt",
    BeforeTool: "tool_start",
    AfterTool: "tool_end",
    // Comes when the dialog opens, after BeforeTool.
    Notification: [
      {
        when: [
          { field: "type", equals: "ToolPermission" },
          { field: "source", in: ["ask_user", "exit_plan_mode"] },
        ],
        means: "question_request",
      },
      { when: [{ field: "type", equals: "ToolPermission" }], means: "permission_request" },
      { means: "receipt" },
    ],
    // Also of a turn that failed, and of Esc while the model thinks.
    AfterAgent: "turn_end",
  },
  // The model's events carry whole requests, one of them for every piece of an answer; PreCompress comes before every
  // call of the model, whether anything is compressed or not.
  otherEvents: ["BeforeModel", "AfterModel", "BeforeToolSelection", "PreCompress"],
  payload: {
    ...CLAUDE_SHAPED_PAYLOAD,
    fields: {
      ...CLAUDE_SHAPED_PAYLOAD.fields,
      message: ["prompt_response", "message"],
      source: ["source", "details.type"],
    },
    // Its notification of a dialog names a command, and no tool.
    toolInput: ["details.command", "tool_input.command", "tool_input"],
  },
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
    "A denial, and Esc while a tool runs, fire no hook: its session file tells of them.",
    "An approval stands nowhere: the screen tells, else the tool's end.",
    "An error of its model looks like the end of a turn.",
    "Its notification of a dialog does not name the tool, but a command.",
    "Of two subagents at once that ask leave for what is no command, it does not tell which one does.",
    "Restored, it tells its model nothing of the conversation's first prompt, nor of what was denied: say it again.",
    "A file that it replaces in its own directory, rather than writes to, is kept for this launch alone.",
  ],
  gates: [
    {
      gate: "trust",
      how: "skipped",
      note: "a worktree is trusted as its repository is; else answer the dialog",
    },
    { gate: "login", how: "named", note: "run `gemini` once and choose how to log in" },
  ],
  // Its scheduler runs tools that were asked for together once none of them awaits an answer (seen, and read from it);
  // BeforeTool comes before the dialogs. Subagents run beside each other, each with a scheduler of its own, and nothing in
  // their events is their own (seen).
  traits: {
    hooks: true,
    firstSignal: "launch",
    secondWitness: true,
    silentAnswers: true,
    answersFirst: "tool_end",
    subagentTools: ["invoke_agent"],
  },
  witness: { geminiHome: ["{GEMINI_CLI_HOME}/.gemini", "{HOME}/.gemini"] },
  screen: {
    version: "0.61.0",
    gates: [
      { gate: "trust", lines: 20, all: ["Do you trust (this folder|the files in this folder)"] },
      { gate: "login", lines: 20, all: ["How would you like to authenticate"] },
    ],
    dialog: [
      { lines: 12, all: ["^\\s*│ (● )?\\s*1\\. ", "^\\s*│ .*\\(esc\\)"] },
      { lines: 3, all: ["^\\s*│ Enter to (select|submit) · .*Esc to cancel"], asks: "question" },
    ],
    busy: [
      { lines: 12, all: ["esc to cancel"] },
      // A compaction that a person asks for: no event of its own tells of it, and Esc does not end it.
      { lines: 14, all: ["^[\\u2800-\\u28ff] Compressing chat history"] },
    ],
    // The end of a turn stands in no file, and neither does a compaction.
    tellsTurns: true,
    ready: [{ lines: 8, all: ["Type your message or @path/to/file"] }],
    // The bars above and below are not drawn in every terminal; below them stands the list of commands or files.
    composer: "\\n >((?: |\\n {3})[^▀▄]*?)\\n(?:▀+[^▀]*|\\s*)workspace \\(/directory\\)[^▀]*$",
    placeholders: ["Type your message or @path/to/file"],
  },
  keys: { interrupt: ["Escape"], approve: ["Enter"], deny: ["Escape"], clear: ["C-c"] },
};
