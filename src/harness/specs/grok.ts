import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Grok Build. Not run here: facts as documented.
 *
 * Its hooks stand in a file of their own in the worktree, which it reads in folders the user trusts.
 */
export const grok: HarnessSpec = {
  id: "grok",
  displayName: "Grok Build",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks and permissions pages",
    but: {
      screen: { evidence: "assumed", source: "the text its orchestrator waits for" },
      keys: { evidence: "assumed", source: "as in other agents" },
      events: { evidence: "documented", source: "types of notifications as the orchestrator reads them" },
    },
  },
  binary: {
    names: ["grok"],
    variable: "AO_GROK_BIN",
    extraDirs: ["~/.grok/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      "--no-auto-update",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
    ],
    headless: [
      "{binary}",
      "--no-auto-update",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      "--print={prompt}",
    ],
    permission: {
      default: {},
      "accept-edits": { args: ["--permission-mode=acceptEdits"] },
      auto: { args: ["--permission-mode=auto"] },
      "bypass-permissions": { args: ["--permission-mode=bypassPermissions"] },
    },
    prompt: "after_start",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      // Timeout in seconds.
      { kind: "json", place: "worktree", path: ".grok/hooks/ao.json", hooks: claudeHooks(10) },
    ],
    args: [],
    env: {},
  },
  events: {
    SessionStart: "conversation_start",
    SessionEnd: [
      { when: [{ field: "reason", in: ["clear", "resume"] }], means: "receipt" },
      { means: "conversation_end" },
    ],
    UserPromptSubmit: "prompt",
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PostToolUseFailure: "tool_end",
    Notification: [
      { when: [{ field: "type", equals: "permission_prompt" }], means: "permission_request" },
      { when: [{ field: "type", equals: "idle_prompt" }], means: "notify_idle" },
      { means: "receipt" },
    ],
    Stop: "turn_end",
  },
  otherEvents: ["PreCompact", "PostCompact", "StopFailure", "SubagentStart", "SubagentStop"],
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
  limits: ["In a folder that is not trusted its hooks are silent: the session then shows as no_signal."],
  gates: [
    {
      gate: "trust",
      how: "hidden",
      note: "type /hooks-trust once; a folder it does not trust runs no hooks",
    },
    { gate: "login", how: "hidden", note: "run `grok` once and log in" },
    { gate: "update", how: "skipped", note: "--no-auto-update" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: { version: "", gates: [], dialog: [], busy: [], ready: [{ lines: 40, all: ["Grok Build"] }] },
  keys: { interrupt: ["Escape"] },
};
