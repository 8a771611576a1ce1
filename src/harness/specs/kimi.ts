import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Kimi Code CLI. Not run here: facts as documented.
 *
 * Its hooks stand in its own configuration, so it is given a copy of its directory made of links, in which the
 * configuration is the user's with ao's hooks added.
 */
export const kimi: HarnessSpec = {
  id: "kimi",
  displayName: "Kimi",
  facts: {
    evidence: "documented",
    version: "0.27.0",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks page",
    but: {
      screen: { evidence: "assumed", source: "the text its orchestrator waits for" },
      keys: { evidence: "assumed", source: "as in other agents" },
      resume: { evidence: "documented", source: "how another orchestrator drives it, mid 2026" },
    },
  },
  binary: {
    names: ["kimi"],
    variable: "AO_KIMI_BIN",
    extraDirs: ["~/.kimi-code/bin", "~/.cargo/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: ["{binary}", { insert: "permission" }, { when: "model", args: ["--model={model}"] }],
    resume: ["{binary}", "--session={resume}"],
    permission: {
      default: {},
      "accept-edits": { args: ["--auto"] },
      auto: { args: ["--auto"] },
      "bypass-permissions": { args: ["--yolo"] },
    },
    prompt: "after_start",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      {
        kind: "toml",
        place: "launch",
        path: "kimi-home/config.toml",
        base: ["{KIMI_CODE_HOME}/config.toml", "{HOME}/.kimi-code/config.toml"],
        table: "hooks",
        // Timeout in seconds; a key it does not know makes the whole file fail.
        entry: { event: "{event}", command: "{command}", timeout: 10 },
      },
    ],
    mirror: {
      from: ["{KIMI_CODE_HOME}", "{HOME}/.kimi-code"],
      to: "kimi-home",
      make: ["sessions", "credentials"],
      expect: ["tui.toml"],
    },
    args: [],
    env: { KIMI_CODE_HOME: "{dir}/kimi-home" },
  },
  events: {
    SessionStart: "conversation_start",
    SessionEnd: "conversation_end",
    UserPromptSubmit: "prompt",
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PostToolUseFailure: "tool_end",
    PermissionRequest: "permission_request",
    PermissionResult: "request_answered",
    Stop: "turn_end",
    StopFailure: "turn_failed",
    // Of Esc, instead of Stop.
    Interrupt: "turn_interrupted",
    SubagentStart: "subagent_start",
    SubagentStop: "subagent_end",
    PreCompact: "compact_start",
    PostCompact: "compact_end",
  },
  otherEvents: ["Notification", "SessionHeartbeat", "TaskStarted", "TurnStarted", "UserPromptQueued"],
  payload: {
    ...CLAUDE_SHAPED_PAYLOAD,
    fields: {
      ...CLAUDE_SHAPED_PAYLOAD.fields,
      agentId: ["agent_name", "agent_id"],
      toolUseId: ["tool_call_id"],
      reason: ["reason", "error_type"],
      message: ["error_message", "message"],
    },
  },
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    exitSignal: true,
    resume: true,
    secondWitness: false,
    answer: false,
  },
  limits: [
    "A resumed session takes neither a model nor a permission mode.",
    "Changes that it makes to its own configuration are kept for this launch alone.",
  ],
  gates: [
    { gate: "trust", how: "hidden", note: "trust the worktree on its screen" },
    { gate: "login", how: "hidden", note: "run `kimi` once and log in" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: {
    version: "",
    gates: [],
    dialog: [],
    busy: [],
    ready: [{ lines: 6, all: ["^\\s*│ >\\s*│?\\s*$"] }],
  },
  keys: { interrupt: ["Escape"] },
};
