import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** GitHub Copilot CLI. Facts seen with 1.0.102 against a mock model unless a line says otherwise. */
export const copilot: HarnessSpec = {
  id: "copilot",
  displayName: "GitHub Copilot",
  facts: { evidence: "seen", version: "1.0.102", source: "run against a mock model, terminal and -p" },
  binary: {
    names: ["copilot"],
    variable: "AO_COPILOT_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "^GitHub Copilot CLI (\\d[\\w.-]*\\w)",
    // npm: `copilot` is a loader that starts the native program as its child.
    native: [
      "../copilot-{platform}-{arch}/copilot",
      "../node_modules/@github/copilot-{platform}-{arch}/copilot",
    ],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      { when: "prompt", args: ["--interactive={prompt}"] },
    ],
    headless: [
      "{binary}",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      "--prompt={prompt}",
    ],
    permission: {
      default: {},
      "accept-edits": { args: ["--allow-tool=write"] },
      "bypass-permissions": { args: ["--allow-all"] },
    },
    permissionHint:
      'Copilot\'s own review is an experiment: use "accept-edits" (commands ask) or "bypass-permissions" (nothing asks).',
    prompt: "in_command",
    env: { COPILOT_AUTO_UPDATE: "false" },
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      {
        kind: "json",
        place: "launch",
        path: "plugin/plugin.json",
        content: { name: "ao", version: "1.0.0", hooks: "hooks.json" },
      },
      {
        kind: "json",
        place: "launch",
        path: "plugin/hooks.json",
        content: { version: 1 },
        hooks: {
          at: ["hooks"],
          shape: "by_event",
          entry: { type: "command", bash: "{command}", timeoutSec: 10 },
        },
      },
    ],
    args: ["--plugin-dir={dir}/plugin"],
    env: {},
  },
  events: {
    // Comes with the first prompt, also after a resume.
    sessionStart: "conversation_start",
    // Of /clear too: a conversation_start follows with the next prompt, in the same process.
    sessionEnd: "conversation_end",
    userPromptSubmitted: "prompt",
    preToolUse: "tool_start",
    postToolUse: "tool_end",
    postToolUseFailure: "tool_end",
    // Of every tool, also of those no dialog is shown for: only the notification tells of a dialog.
    permissionRequest: "receipt",
    notification: [
      { when: [{ field: "type", equals: "permission_prompt" }], means: "permission_request" },
      { when: [{ field: "type", equals: "elicitation_dialog" }], means: "question_request" },
      { means: "receipt" },
    ],
    agentStop: "turn_end",
    // Of tries that are tried again, too: its own events tell the end.
    errorOccurred: "turn_problem",
    subagentStart: "subagent_start",
    subagentStop: "subagent_end",
    // No event tells the end of a compaction.
    preCompact: "receipt",
  },
  otherEvents: [],
  payload: {
    fields: {
      nativeSessionId: ["sessionId", "session_id"],
      parentSessionId: ["parentSessionId"],
      agentId: ["parentAgentId", "agentId"],
      toolName: ["toolName", "tool_name"],
      toolUseId: ["toolCallId", "toolUseId"],
      reason: ["reason", "stopReason", "error.name"],
      source: ["source"],
      type: ["notification_type", "notificationType", "type"],
      prompt: ["prompt"],
      message: ["message", "error.message"],
      transcriptPath: ["transcriptPath"],
      cwd: ["cwd"],
    },
    toolInput: ["toolArgs", "toolInput"],
    toolInputIgnored: [],
    backgroundTasks: [],
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
    "A denial, an approval, Esc Esc and Ctrl-C fire no hook: its own events tell of them.",
    "Its notification of a dialog does not name the tool.",
    "Without a terminal an untrusted folder's session runs without hooks: trust the repository first.",
    "It also runs hooks it finds in `.claude/settings*.json` of the repository.",
  ],
  gates: [
    { gate: "trust", how: "named", note: "answer once; a worktree is trusted with its repository" },
    { gate: "login", how: "hidden", note: "run `copilot`, then /login" },
    { gate: "update", how: "skipped", note: "COPILOT_AUTO_UPDATE=false" },
  ],
  traits: { hooks: true, firstSignal: "prompt", secondWitness: true, silentAnswers: true },
  witness: { copilotHome: ["{COPILOT_HOME}", "{HOME}/.copilot"] },
  screen: {
    version: "1.0.102",
    gates: [{ gate: "trust", lines: 20, all: ["Confirm folder trust"] }],
    // In a small terminal that line is broken anywhere.
    dialog: [
      {
        lines: 6,
        all: ["│.*enter[\\s│]+to[\\s│]+(select|confirm)[\\s\\S]{0,80}?esc[\\s│]+to[\\s│]+cancel"],
      },
      { lines: 4, all: ["^\\s*│?\\s*↑/↓ .*enter accept · .*esc cancel"], asks: "question" },
    ],
    busy: [{ lines: 2, all: ["^ \\S Working\\b"] }],
    ready: [{ lines: 4, all: ["^─{20,}\\s*\\n❯\\s*\\n─{20,}\\s*$"] }],
    composer: "─{20,}\\s*\\n❯([^─]*)\\n─{20,}[^─]*$",
    composerMargin: "┃$",
  },
  // Esc Esc before the first word puts the prompt back into the composer. Ctrl-C empties it; a second one would end the
  // agent.
  keys: { interrupt: ["Escape", "Escape"], approve: ["Enter"], deny: ["Escape"], clear: ["C-c"] },
};
