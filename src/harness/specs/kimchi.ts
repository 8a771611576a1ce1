import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** Kimchi. Not run here: facts as an orchestrator drives it. */
export const kimchi: HarnessSpec = {
  id: "kimchi",
  displayName: "Kimchi",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["kimchi"],
    variable: "AO_KIMCHI_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { when: "model", args: ["--model={model}"] },
      { insert: "permission" },
      { when: "resume", args: ["--session={resume}"] },
      { when: "prompt", args: ["{prompt}"] },
    ],
    permission: { default: {}, auto: { args: ["--auto"] }, "bypass-permissions": { args: ["--yolo"] } },
    permissionHint: 'Kimchi knows "default", "auto" (its own review) and "bypass-permissions".',
    prompt: "in_command",
    typedWhenFirst: "-@",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      // Timeout in seconds.
      { kind: "json", place: "worktree", path: ".kimchi/hooks.local.json", hooks: claudeHooks(10) },
    ],
    args: [],
    env: {},
  },
  events: {
    SessionStart: "conversation_start",
    SessionEnd: [
      { when: [{ field: "reason", in: ["reload", "new", "resume", "fork"] }], means: "receipt" },
      { means: "conversation_end" },
    ],
    UserPromptSubmit: "prompt",
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PostToolUseFail: "tool_end",
    Notification: [
      { when: [{ field: "type", equals: "permission_prompt" }], means: "permission_request" },
      { when: [{ field: "type", equals: "idle_prompt" }], means: "notify_idle" },
      { when: [{ field: "type", equals: "agent_needs_input" }], means: "notify_input" },
      { means: "receipt" },
    ],
    Stop: "turn_end",
  },
  otherEvents: [],
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
  limits: ["A prompt that begins with - or @ is typed instead of passed."],
  gates: [{ gate: "login", how: "hidden", note: "run `kimchi` once and log in" }],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
