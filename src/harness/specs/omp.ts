import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { PI_EVENTS, PI_HOOKS, PI_PAYLOAD } from "./pi-extension.ts";

/**
 * OMP, made of Pi. Facts seen with 18.2.3 under Bun 1.4.5 against a mock model. Its events come from ao's extension
 * (`assets/pi-extension.mjs`), named by flag.
 */
export const omp: HarnessSpec = {
  id: "omp",
  displayName: "OMP",
  facts: { evidence: "seen", version: "18.2.3", source: "run against a mock model in a terminal" },
  binary: {
    names: ["omp"],
    variable: "AO_OMP_BIN",
    extraDirs: ["~/.omp/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      { when: "prompt", args: ["{prompt}"] },
    ],
    permission: {
      // The user's own tools.approvalMode; without one nothing is asked for. Both others were seen to stand over it.
      default: {},
      "accept-edits": { args: ["--approval-mode=write"] },
      "bypass-permissions": { args: ["--auto-approve"] },
    },
    permissionHint:
      'OMP knows "default" (its own setting), "accept-edits" (commands ask) and "bypass-permissions".',
    prompt: "in_command",
    typedWhenFirst: "-@",
    // Its tour of five pages comes again with new versions and takes the first prompt.
    env: { OMP_SKIP_SETUP: "1" },
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: PI_HOOKS,
  events: {
    ...PI_EVENTS,
    session_switch: "conversation_start",
    session_branch: "conversation_start",
    tool_execution_start: [
      // Its tool that asks the person: the dialog is all it does.
      { when: [{ field: "toolName", equals: "ask" }], means: "question_request" },
      { means: "tool_start" },
    ],
    tool_approval_requested: "permission_request",
    tool_approval_resolved: "request_answered",
  },
  otherEvents: [
    "auto_compaction_end",
    "auto_compaction_start",
    "auto_retry_end",
    "auto_retry_start",
    "before_agent_start",
    "goal_updated",
    "input",
    "message_end",
    "message_update",
    "session.compacting",
    "session_before_switch",
    "session_stop",
    "tool_call",
    "tool_result",
    "turn_end",
    "turn_start",
    "user_bash",
  ],
  payload: PI_PAYLOAD,
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
    "A command typed after ! is no turn: the session shows as idle while it runs.",
    "SIGKILL is silent: the launcher sees the end.",
  ],
  gates: [
    { gate: "setup", how: "skipped", note: "OMP_SKIP_SETUP" },
    { gate: "login", how: "hidden", note: "run `omp` once and log in, or set the key of your provider" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: {
    version: "18.2.3",
    gates: [],
    dialog: [
      { lines: 4, all: ["^│ up/down navigate  enter select  esc cancel"] },
      { lines: 3, all: ["^│ Enter select · .* · Esc cancel"] },
    ],
    busy: [{ lines: 3, all: ["^ *[⠀-⣿] \\d+[hms].* > "] }],
    // Below it may stand the list of commands or files; the further lines of a draft stand further in.
    composer: "─[^\\n]*\\n╰─(?!─)([^\\n]*(?:\\n   [^\\n]*)*)(?:\\n[❯ ] \\S[\\s\\S]*)?$",
    ready: [{ lines: 2, all: ["^ \\S.* > .*─\\n╰─\\s*$"] }],
  },
  keys: { interrupt: ["Escape"], approve: ["Enter"], deny: ["Escape"], clear: ["C-c"] },
};
