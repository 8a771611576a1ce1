import type { HarnessSpec } from "../spec.ts";
import { UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** Prime Agent. Not run here: facts as an orchestrator drives it. Its events come from ao's extension, named by flag. */
export const primeAgent: HarnessSpec = {
  id: "prime-agent",
  displayName: "Prime Agent",
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
    names: ["prime-agent"],
    variable: "AO_PRIME_AGENT_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "hooks" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    permission: { default: {} },
    permissionHint: 'Prime Agent asks nobody: it knows "default" alone.',
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      { kind: "asset", place: "launch", path: "ao-extension.mjs", asset: "assets/prime-agent-extension.mjs" },
    ],
    args: ["--extension={dir}/ao-extension.mjs"],
    env: {},
  },
  events: {
    session_start: "conversation_start",
    agent_start: "prompt",
    agent_end: "turn_end",
    session_shutdown: [
      { when: [{ field: "reason", equals: "quit" }], means: "conversation_end" },
      { means: "receipt" },
    ],
  },
  otherEvents: [],
  payload: {
    fields: {
      nativeSessionId: ["sessionId"],
      reason: ["reason"],
      source: ["source"],
      prompt: ["prompt"],
      cwd: ["cwd"],
    },
    toolInput: [],
    toolInputIgnored: [],
    backgroundTasks: [],
  },
  capabilities: {
    hooks: true,
    permissionSignal: false,
    turnEndSignal: true,
    exitSignal: true,
    resume: true,
    secondWitness: false,
    answer: false,
  },
  limits: ["It has no permission dialogs, and its tools are not told."],
  gates: [{ gate: "login", how: "hidden", note: "run `prime-agent` once and log in" }],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
