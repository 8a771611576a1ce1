import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Factory's Droid. Not run here: facts as documented.
 *
 * Its hooks stand in the worktree; the permission mode goes in by a settings file of ao's own.
 */
export const droid: HarnessSpec = {
  id: "droid",
  displayName: "Droid",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks reference",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["droid"],
    variable: "AO_DROID_BIN",
    extraDirs: ["~/.factory/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "hooks" },
      { when: "resume", args: ["-r", "{resume}"] },
      { when: "prompt", args: ["{prompt}"] },
    ],
    permission: {
      default: {},
      "accept-edits": { config: { sessionDefaultSettings: { autonomyLevel: "low" } } },
      auto: { config: { sessionDefaultSettings: { autonomyLevel: "medium" } } },
      "bypass-permissions": { config: { sessionDefaultSettings: { autonomyLevel: "high" } } },
    },
    prompt: "in_command",
    typedWhenFirst: "-",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      { kind: "json", place: "launch", path: "settings.json", content: {}, permissionConfig: true },
      // Timeout in seconds.
      { kind: "json", place: "worktree", path: ".factory/hooks.json", hooks: claudeHooks(10) },
    ],
    args: ["--settings", "{dir}/settings.json"],
    env: {},
  },
  events: {
    SessionStart: "conversation_start",
    SessionEnd: [
      { when: [{ field: "reason", equals: "clear" }], means: "receipt" },
      { means: "conversation_end" },
    ],
    UserPromptSubmit: "prompt",
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    // Has no type: it may be a permission dialog, or a minute of silence.
    Notification: "receipt",
    Stop: "turn_end",
  },
  otherEvents: ["PreCompact", "SubagentStop"],
  payload: CLAUDE_SHAPED_PAYLOAD,
  capabilities: {
    hooks: true,
    permissionSignal: false,
    turnEndSignal: true,
    exitSignal: true,
    resume: true,
    secondWitness: false,
    answer: false,
  },
  limits: [
    "Its notification has no type, so a permission dialog cannot be told from a pause.",
    "A model is chosen in its own settings.",
  ],
  gates: [{ gate: "login", how: "hidden", note: "run `droid` once and log in" }],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
