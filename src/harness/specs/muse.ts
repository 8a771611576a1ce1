import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Muse Code. Not run here: facts as an orchestrator drives it.
 *
 * Its hooks come in a file of ao's own, named by a variable. It keeps the environment from them, so their commands carry
 * launch and spool themselves.
 */
export const muse: HarnessSpec = {
  id: "muse",
  displayName: "Muse Code",
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
    names: ["muse"],
    variable: "AO_MUSE_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "^Muse Code (\\S+)",
    native: [],
    strict: true,
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "prompt", args: ["{prompt}"] },
    ],
    resume: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      "resume",
      "{resume}",
    ],
    permission: {
      default: {},
      auto: { args: ["--approval-mode=never"] },
      "bypass-permissions": { args: ["--yolo"] },
    },
    permissionHint: 'Muse knows "default", "auto" (never asks, keeps its sandbox) and "bypass-permissions".',
    prompt: "in_command",
    typedWhenFirst: "-",
    env: { MUSE_NO_AUTO_UPDATE: "1" },
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      // Timeout in seconds.
      { kind: "json", place: "launch", path: "hooks.json", hooks: claudeHooks(5) },
    ],
    args: [],
    env: { TBH_MANAGED_HOOKS_PATH: "{dir}/hooks.json" },
    hidesEnvironment: true,
  },
  events: {
    SessionStart: "conversation_start",
    UserPromptSubmit: "prompt",
    PermissionRequest: "permission_request",
    Stop: "turn_end",
  },
  otherEvents: [],
  payload: CLAUDE_SHAPED_PAYLOAD,
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    exitSignal: false,
    resume: true,
    secondWitness: false,
    answer: false,
  },
  limits: [
    "Its tools are not told: a permission request ends with the turn.",
    "A resumed session takes no prompt on its command line: it is typed.",
    "Nothing tells of a SIGKILL: the launcher sees the end.",
  ],
  gates: [
    { gate: "trust", how: "hidden", note: "trust the worktree on its screen" },
    { gate: "login", how: "hidden", note: "run `muse` once and log in" },
    { gate: "update", how: "skipped", note: "MUSE_NO_AUTO_UPDATE=1" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
