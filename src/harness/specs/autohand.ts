import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Autohand. Not run here: facts as an orchestrator drives it.
 *
 * Its hooks stand in its configuration file, of which it is given a copy with ao's hooks added.
 */
export const autohand: HarnessSpec = {
  id: "autohand",
  displayName: "Autohand",
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
    names: ["autohand"],
    variable: "AO_AUTOHAND_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    resume: ["{binary}", "resume", { when: "model", args: ["--model={model}"] }, "{resume}"],
    permission: {
      default: {},
      auto: { args: ["--yes"] },
      "bypass-permissions": { args: ["--unrestricted"] },
    },
    permissionHint: 'Autohand knows "default", "auto" (--yes) and "bypass-permissions".',
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      {
        kind: "json",
        place: "launch",
        path: "autohand.json",
        base: ["{AUTOHAND_CONFIG}", "{HOME}/.autohand/config.json"],
        content: { hooks: { enabled: true } },
        hooks: {
          at: ["hooks", "hooks"],
          shape: "list",
          // Timeout in seconds.
          entry: { event: "{event}", command: "{command}", description: "ao", enabled: true, timeout: 10 },
        },
      },
    ],
    args: [],
    env: { AUTOHAND_CONFIG: "{dir}/autohand.json" },
  },
  events: {
    "session-start": "conversation_start",
    "pre-prompt": "prompt",
    "permission-request": "permission_request",
    stop: "turn_end",
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
    "Changes that it makes to its own configuration are kept for this launch alone.",
    "A resumed session takes no permission mode; its new prompt is typed.",
    "Nothing tells of a SIGKILL: the launcher sees the end.",
  ],
  gates: [{ gate: "login", how: "hidden", note: "run `autohand` once and log in" }],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
