import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Devin CLI. Not run here: facts as documented.
 *
 * Its hooks stand in the worktree's local configuration, which it keeps out of git itself.
 */
export const devin: HarnessSpec = {
  id: "devin",
  displayName: "Devin",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks and configuration pages",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["devin"],
    variable: "AO_DEVIN_BIN",
    extraDirs: ["~/.devin/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["-r", "{resume}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    permission: {
      default: {},
      "accept-edits": { args: ["--permission-mode=accept-edits"] },
      auto: { args: ["--permission-mode=auto"] },
      "bypass-permissions": { args: ["--permission-mode=dangerous"] },
    },
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      // Timeout in seconds.
      { kind: "json", place: "worktree", path: ".devin/config.local.json", hooks: claudeHooks(10) },
    ],
    args: [],
    env: {},
  },
  events: {
    SessionStart: "conversation_start",
    SessionEnd: "conversation_end",
    UserPromptSubmit: "prompt",
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PermissionRequest: "permission_request",
    Stop: "turn_end",
  },
  otherEvents: ["PostCompaction"],
  payload: CLAUDE_SHAPED_PAYLOAD,
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    exitSignal: true,
    resume: true,
    secondWitness: false,
    answer: false,
  },
  limits: ["It also runs the hooks of `.claude/settings*.json` in the repository."],
  gates: [
    { gate: "trust", how: "hidden", note: "trust the worktree on its screen" },
    { gate: "login", how: "hidden", note: "run `devin` once and log in" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
