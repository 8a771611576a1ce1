import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** A dialog's rows, and the line below them. */
const ROW_END = "[^\\S\\n]*\\n";
const ROW_START = "^[^\\S\\n]*(?:▶ )?";
const ROW = "[^\\S\\n]*(?:▶ )?\\d\\. [^\\n]*\\n";
const HINT = "[^\\S\\n]*↑/↓ select";

/**
 * Kimi Code CLI. Facts seen with 2.1.0 (@moonshot-ai/kimi-code) against a mock model.
 *
 * Its hooks stand in its own configuration, so it is given a copy of its directory made of links, in which the
 * configuration is the user's with ao's hooks added.
 */
export const kimi: HarnessSpec = {
  id: "kimi",
  displayName: "Kimi",
  facts: {
    evidence: "seen",
    version: "2.1.0",
    source: "run against a mock model in a terminal",
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
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--session={resume}"] },
    ],
    headless: [
      "{binary}",
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--session={resume}"] },
      "--prompt={prompt}",
    ],
    permission: {
      default: {},
      // "Ask When Needed": edits and ordinary commands run, what is risky asks. Without a terminal it takes no mode.
      auto: { args: ["--yolo"], headlessArgs: [] },
      // "Never Ask".
      "bypass-permissions": { args: ["--auto"], headlessArgs: [] },
    },
    permissionHint: 'Kimi knows "default", "auto" (risky commands ask) and "bypass-permissions".',
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
      make: ["sessions", "credentials", "workspace-trust", "user-history"],
      expect: ["tui.toml", "session_index.jsonl", "workspaces.json", "device_id"],
    },
    // It trusts by exact directory; that a record is there is all it looks at.
    trust: {
      records: ["{KIMI_CODE_HOME}/workspace-trust", "{HOME}/.kimi-code/workspace-trust"],
      to: "workspace-trust",
      name: "wd_{slug}_{hash}",
      pathKey: "root",
    },
    args: [],
    env: { KIMI_CODE_HOME: "{dir}/kimi-home" },
  },
  events: {
    SessionStart: "conversation_start",
    // Of /exit, and of the conversation that /clear leaves: its reason is "exit" both times.
    SessionEnd: "conversation_end",
    UserPromptSubmit: "prompt",
    PreToolUse: [
      // Its tool that asks the person: the dialog is all it does, and no other event tells of it.
      { when: [{ field: "toolName", equals: "AskUserQuestion" }], means: "question_request" },
      { means: "tool_start" },
    ],
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
      // `agent_id` of a request is "main" for the root; a subagent is named where it begins and ends.
      agentId: ["agent_name"],
      requestId: ["id"],
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
    answer: true,
  },
  limits: [
    "Changes that it makes to its own configuration are kept for this launch alone.",
    "Tools and turns of subagents are told as the root's: with one in the background its end shows as the end of its turn.",
    "SIGTERM and SIGKILL are silent: the launcher sees the end.",
  ],
  gates: [
    {
      gate: "trust",
      how: "skipped",
      note: "a worktree is trusted as its repository is; else answer the dialog",
    },
    { gate: "login", how: "hidden", note: "run `kimi` once and log in" },
  ],
  // It begins a session, and says so, with the first prompt.
  traits: {
    hooks: true,
    firstSignal: "prompt",
    secondWitness: false,
    // Events of their tools and turns name nobody; where each begins and ends is told.
    subagentTools: ["Agent", "AgentSwarm"],
  },
  witness: {},
  screen: {
    version: "2.1.0",
    gates: [{ gate: "trust", lines: 12, all: ["^\\s*Trust this folder\\?", "❯ Trust this folder"] }],
    dialog: [
      { lines: 8, all: ["^\\s*(?:↑/↓ select|Type feedback) · .*↵ (?:confirm|submit)"] },
      // Questions: an option, an answer of one's own, the end.
      {
        lines: 8,
        all: ["^\\s*(?:↑↓ select|type answer) {2}.*↵ (?:choose|toggle|save|confirm) .*esc cancel"],
      },
    ],
    // The phases of the moon; a spinner while it writes.
    busy: [
      { lines: 8, all: ["^\\s*\\ud83c[\\udf11-\\udf18]"] },
      { lines: 8, all: ["^\\s*[⠀-⣿] [A-Z]"] },
      { lines: 8, all: ["^\\s*(?:● )?Compacting context…"] },
    ],
    // Below its border may stand the list of commands or files, in a frame of its own.
    composer:
      "│ [>!$]([^\\n]*(?:\\n[^\\S\\n]*│[^\\n]*)*)\\n[^\\S\\n]*╰─[^\\n]*(?:\\n │[^\\n]*)*\\n[^\\n]*\\n[^\\n]*$",
    composerMargin: "^[^\\S\\n]*│|│[^\\S\\n]*$",
    ready: [{ lines: 6, all: ["^\\s*│ >\\s*│?\\s*$"] }],
  },
  keys: {
    interrupt: ["Escape"],
    // A plan has other rows than a tool. What is asked about stands above them and may look like a row itself: only as
    // many as there are before the hint count.
    rows: {
      approve: `${ROW_START}(\\d)\\. Approve(?= once${ROW_END}(?:${ROW}){3}${HINT}|${ROW_END}(?:${ROW}){2}${HINT})`,
      deny: `${ROW_START}(\\d)\\. Reject${ROW_END}${ROW}${HINT}`,
    },
  },
};
