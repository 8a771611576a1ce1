import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Antigravity CLI. Not run here: facts as documented.
 *
 * Its hooks stand in the worktree and must print `{}`, which ao-hook does for it. Its PreToolUse is left out: an answer
 * without a decision denies the tool.
 */
export const agy: HarnessSpec = {
  id: "agy",
  displayName: "Antigravity",
  facts: {
    evidence: "documented",
    version: "1.1.26",
    source: "how another orchestrator drives it, mid 2026; a linter's measurements of its hooks",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["agy"],
    variable: "AO_AGY_BIN",
    extraDirs: ["~/.cargo/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--conversation={resume}"] },
      { when: "prompt", args: ["--prompt-interactive={prompt}"] },
    ],
    permission: { default: {}, "bypass-permissions": { args: ["--dangerously-skip-permissions"] } },
    permissionHint:
      'Antigravity either asks by its own rules ("default") or for nothing ("bypass-permissions").',
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      {
        kind: "json",
        place: "worktree",
        path: ".agents/hooks.json",
        hooks: {
          at: ["ao"],
          shape: "by_event",
          // Timeout in seconds.
          entry: { type: "command", command: "{command}", timeout: 10 },
          entryOf: {
            PostToolUse: { matcher: "*", hooks: [{ type: "command", command: "{command}", timeout: 10 }] },
          },
        },
      },
    ],
    args: [],
    env: {},
  },
  events: {
    SessionStart: "conversation_start",
    // Before every call of the model.
    PreInvocation: "progress",
    PostToolUse: "tool_end",
    Stop: "turn_end",
  },
  otherEvents: ["PostInvocation", "PreToolUse"],
  payload: CLAUDE_SHAPED_PAYLOAD,
  capabilities: {
    hooks: true,
    permissionSignal: false,
    turnEndSignal: true,
    exitSignal: false,
    resume: true,
    secondWitness: false,
    answer: false,
  },
  limits: [
    "No event tells of a permission dialog, nor of a prompt: a turn begins with its first call of the model.",
    "Some versions (1.1.11) read hooks from installed plugins only and stay silent.",
  ],
  gates: [
    { gate: "trust", how: "hidden", note: "trust the worktree on its screen" },
    { gate: "login", how: "hidden", note: "run `agy` once and log in" },
  ],
  traits: { hooks: true, firstSignal: "prompt", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
