import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, claudeHooks, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Goose. Not run here: facts as documented.
 *
 * Its hooks come as a plugin in the worktree; the only other places are the user's own.
 */
export const goose: HarnessSpec = {
  id: "goose",
  displayName: "Goose",
  facts: {
    evidence: "documented",
    version: "1.38",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks and plugins pages",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "Ctrl-C, as its documents have it" },
    },
  },
  binary: {
    names: ["goose"],
    variable: "AO_GOOSE_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      "run",
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume", "--session-id={resume}"] },
      "--text={prompt}",
      "--interactive",
    ],
    headless: [
      "{binary}",
      "run",
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume", "--session-id={resume}"] },
      "--text={prompt}",
    ],
    permission: {
      default: { env: { GOOSE_MODE: "approve" } },
      "accept-edits": { env: { GOOSE_MODE: "smart_approve" } },
      "bypass-permissions": { env: { GOOSE_MODE: "auto" } },
    },
    permissionHint:
      'Goose knows "default" (asks), "accept-edits" (its smart approval) and "bypass-permissions".',
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
        path: ".agents/plugins/ao/plugin.json",
        content: { name: "ao", version: "1.0.0", description: "Tells ao what happens." },
      },
      // Timeout in seconds.
      {
        kind: "json",
        place: "worktree",
        path: ".agents/plugins/ao/hooks/hooks.json",
        hooks: claudeHooks(10),
      },
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
    Stop: "turn_end",
  },
  otherEvents: [],
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
    "No event tells of a permission dialog: a turn that waits for you shows as working, then unverified.",
  ],
  gates: [{ gate: "login", how: "hidden", note: "run `goose configure` once" }],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["C-c"] },
};
