import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Factory's Droid. Facts seen with 0.215.0 against a mock model of one's own (`customModels`), without an account
 * (FACTORY_AIRGAP_ENABLED). Its hooks stand in a settings file that a flag names, for this process alone.
 */
export const droid: HarnessSpec = {
  id: "droid",
  displayName: "Droid",
  facts: {
    evidence: "seen",
    version: "0.215.0",
    source: "run against a mock model in a terminal, without an account",
  },
  binary: {
    names: ["droid"],
    variable: "AO_DROID_BIN",
    extraDirs: ["~/.factory/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    // Behind npm's wrapper, which stays as its parent.
    native: [
      "../../@factory/cli-{platform}-{arch}/bin/droid",
      "../node_modules/@factory/cli-{platform}-{arch}/bin/droid",
    ],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "hooks" },
      { insert: "permission" },
      // What stands behind `--` is dropped.
      { when: "prompt", args: ["{prompt}"] },
    ],
    // It drops a prompt that stands beside it.
    resume: ["{binary}", { insert: "hooks" }, { insert: "permission" }, "--resume={resume}"],
    permission: {
      // The user's own autonomy level; without one everything asks.
      default: {},
      "accept-edits": { args: ["--auto=low"] },
      auto: { args: ["--auto=medium"] },
      "bypass-permissions": { args: ["--auto=high"] },
    },
    prompt: "in_command",
    typedWhenFirst: "-",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    // Timeout in seconds.
    files: [{ kind: "json", place: "launch", path: "settings.json", hooks: claudeHooks(10) }],
    args: ["--settings", "{dir}/settings.json"],
    env: {},
  },
  events: {
    // A subagent is a process of its own, which takes over the hooks.
    SessionStart: [
      { when: [{ field: "parentSessionId", present: true }], means: "subagent_start" },
      { means: "conversation_start" },
    ],
    SessionEnd: [
      { when: [{ field: "reason", equals: "clear" }], means: "receipt" },
      { means: "conversation_end" },
    ],
    UserPromptSubmit: [
      { when: [{ field: "prompt", startsWith: "Background task completed." }], means: "prompt_synthetic" },
      { means: "prompt" },
    ],
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    Notification: [
      { when: [{ field: "type", equals: "permission_prompt" }], means: "permission_request" },
      { when: [{ field: "type", equals: "elicitation_dialog" }], means: "question_request" },
      // Of Esc, instead of Stop.
      { when: [{ field: "message", startsWith: "Agent stopped by user" }], means: "turn_interrupted" },
      { when: [{ field: "type", equals: "idle_prompt" }], means: "notify_idle" },
      { means: "receipt" },
    ],
    Stop: "turn_end",
  },
  otherEvents: ["PreCompact", "SubagentStop"],
  payload: {
    ...CLAUDE_SHAPED_PAYLOAD,
    fields: { ...CLAUDE_SHAPED_PAYLOAD.fields, parentSessionId: ["calling_session_id"] },
  },
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    exitSignal: true,
    resume: true,
    secondWitness: false,
    answer: true,
  },
  limits: [
    "A turn that ended with an error of the model shows as over, without the error.",
    "Of a tool that failed it tells no end.",
    "Before its first prompt it says nothing.",
    "A model is chosen in its own settings.",
    "A first prompt that is one word and a command of its own (`help`, `update`) runs that.",
  ],
  gates: [
    { gate: "login", how: "named", note: "run `droid` once and log in, or set FACTORY_API_KEY" },
    {
      gate: "trust",
      how: "named",
      // No flag, variable or file of a launch gives trust: it reads the user's own settings alone.
      note: "trust is kept in ~/.factory/settings.json, for a folder and all below it: run `droid` once in ~/.ao/worktrees (AO_HOME/worktrees), or answer on each session's screen",
    },
  ],
  traits: { hooks: true, firstSignal: "prompt", secondWitness: false, silentAnswers: true },
  witness: {},
  screen: {
    version: "0.215.0",
    gates: [
      { gate: "login", lines: 4, all: ["^Please login with your Factory account", "^[> ] Login$"] },
      { gate: "trust", lines: 18, all: ["^│ Trust this folder\\?", "^[> ] 1\\. Trust this folder"] },
    ],
    dialog: [
      { lines: 3, all: ["↑↓ navigate\\s+Enter select\\s+Esc cancel"] },
      { lines: 3, all: ["^\\s+↑/↓ Navigate • .*Select • ESC stop agent"], asks: "question" },
    ],
    busy: [{ lines: 8, all: ["\\(Press ESC to stop\\)"] }],
    ready: [{ lines: 5, all: ['^│ >( Try ".*)?\\s*│$', "\\? for help"] }],
    tellsTurns: true,
    // A list of its commands opens below.
    composer: "╭─+╮\\n│ >([^╰]*)\\n╰─+╯[^╭╰]*$",
    composerMargin: "^│|\\s*│$",
    placeholders: ['Try ".*"', "Enter to steer · Ctrl\\+Enter to queue"],
  },
  keys: { interrupt: ["Escape"], approve: ["Enter"], deny: ["Escape"], clear: ["C-u"] },
};
