import type { HarnessSpec } from "../spec.ts";
import { BARE_COMMANDS, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Cursor CLI. Not run here: facts as documented.
 *
 * Its hooks stand in the worktree: the only other place is the user's own configuration.
 */
export const cursor: HarnessSpec = {
  id: "cursor",
  displayName: "Cursor",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks page",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["cursor-agent"],
    variable: "AO_CURSOR_BIN",
    extraDirs: ["~/.cursor/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: [
      "{binary}",
      "--print",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      "--",
      "{prompt}",
    ],
    permission: { default: {}, "bypass-permissions": { args: ["--force"] } },
    permissionHint: 'Cursor either asks by its own rules ("default") or for nothing ("bypass-permissions").',
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
        path: ".cursor/hooks.json",
        content: { version: 1 },
        hooks: BARE_COMMANDS,
      },
    ],
    args: [],
    env: {},
  },
  events: {
    sessionStart: "conversation_start",
    beforeSubmitPrompt: "prompt",
    // Before every command and tool, whether anybody is asked or not: no sign of a dialog.
    beforeShellExecution: "tool_start",
    afterShellExecution: "tool_end",
    beforeMCPExecution: "tool_start",
    afterMCPExecution: "tool_end",
    stop: [
      { when: [{ field: "reason", equals: "aborted" }], means: "turn_interrupted" },
      { when: [{ field: "reason", equals: "error" }], means: "turn_failed" },
      { means: "turn_end" },
    ],
  },
  otherEvents: [
    "afterAgentResponse",
    "afterAgentThought",
    "afterFileEdit",
    "beforeReadFile",
    "beforeTabFileRead",
    "afterTabFileEdit",
    "postToolUse",
    "preCompact",
    "preToolUse",
    "sessionEnd",
    "subagentStart",
    "subagentStop",
  ],
  payload: {
    fields: {
      nativeSessionId: ["conversation_id", "session_id"],
      toolName: ["tool_name"],
      toolUseId: ["tool_use_id"],
      reason: ["status", "reason"],
      source: ["source"],
      prompt: ["prompt"],
      message: ["message"],
      transcriptPath: ["transcript_path"],
      cwd: ["cwd"],
    },
    toolInput: ["tool_input", "command"],
    toolInputIgnored: [],
    backgroundTasks: [],
  },
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
    "No event tells of a permission dialog: a turn that waits for you shows as working, then unverified.",
    "Nothing tells of a SIGKILL: the launcher sees the end.",
  ],
  gates: [
    {
      gate: "trust",
      how: "hidden",
      note: "start `cursor-agent` in the worktree once, or trust it on its screen",
    },
    { gate: "login", how: "hidden", note: "run `cursor-agent login`" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
