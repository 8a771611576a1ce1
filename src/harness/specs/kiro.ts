import type { HarnessSpec } from "../spec.ts";
import { BARE_COMMANDS, CLAUDE_SHAPED_PAYLOAD, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Kiro CLI. Not run here: facts as documented.
 *
 * Its hooks belong to an agent definition; ao's own stands in the worktree and is chosen by flag.
 */
export const kiro: HarnessSpec = {
  id: "kiro",
  displayName: "Kiro",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks page",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "Ctrl-C, as its documents have it" },
      resume: { evidence: "assumed", source: "that its payloads name the conversation" },
    },
  },
  binary: {
    names: ["kiro-cli"],
    variable: "AO_KIRO_BIN",
    extraDirs: ["~/.kiro/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      "chat",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "resume", args: ["--resume-id={resume}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: [
      "{binary}",
      "chat",
      "--no-interactive",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "resume", args: ["--resume-id={resume}"] },
      "--",
      "{prompt}",
    ],
    permission: {
      default: {},
      "accept-edits": { args: ["--trust-tools=fs_read,fs_write"] },
      "bypass-permissions": { args: ["--trust-all-tools"] },
    },
    permissionHint:
      'Kiro knows "default" (asks), "accept-edits" (reads and writes files unasked) and "bypass-permissions".',
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
        path: ".kiro/agents/ao.json",
        content: { name: "ao", description: "The default agent, watched by ao.", tools: ["*"] },
        hooks: BARE_COMMANDS,
      },
    ],
    args: ["--agent=ao"],
    env: {},
  },
  events: {
    agentSpawn: "conversation_start",
    userPromptSubmit: "prompt",
    // Before every tool, whether anybody is asked or not: no sign of a dialog.
    preToolUse: "tool_start",
    postToolUse: "tool_end",
    stop: "turn_end",
  },
  otherEvents: [],
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
    "No event tells of a permission dialog: a turn that waits for you shows as working, then unverified.",
    "It runs as the agent `ao` with all tools: what your own default agent sets does not apply.",
    "A model is chosen in its own settings.",
    "Nothing tells of a SIGKILL: the launcher sees the end.",
  ],
  gates: [{ gate: "login", how: "hidden", note: "run `kiro-cli login`" }],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["C-c"] },
};
