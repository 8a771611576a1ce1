import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { PI_EVENTS, PI_HOOKS, PI_PAYLOAD } from "./pi-extension.ts";

/**
 * Pi. Facts seen with 0.73.1 (@mariozechner/pi-coding-agent) and 0.87.1 (@earendil-works/pi-coding-agent) against a mock
 * model; the conformance kit passes with 1.5.2 too, whose `--` ends options and whose screen is full by default. Its events
 * come from ao's extension (`assets/pi-extension.mjs`), named by flag.
 */
export const pi: HarnessSpec = {
  id: "pi",
  displayName: "Pi",
  facts: {
    evidence: "seen",
    version: "0.87.1",
    source: "run against a mock model in a terminal; 0.73.1 and 1.5.2 too",
    but: {
      gates: { evidence: "documented", source: "its help names --approve for a project's own extensions" },
    },
  },
  binary: {
    names: ["pi"],
    variable: "AO_PI_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    // What stands behind `=` goes to extensions: its own flags take the next argument. 0.73 takes `--` for a flag too.
    interactive: [
      "{binary}",
      { insert: "hooks" },
      { when: "model", args: ["--model", "{model}"] },
      { when: "resume", args: ["--session", "{resume}"] },
      { when: "prompt", args: ["{prompt}"] },
    ],
    headless: [
      "{binary}",
      { insert: "hooks" },
      { when: "model", args: ["--model", "{model}"] },
      { when: "resume", args: ["--session", "{resume}"] },
      "--print",
      "{prompt}",
    ],
    permission: { default: {} },
    permissionHint: 'Pi asks nobody: it knows "default" alone.',
    prompt: "in_command",
    typedWhenFirst: "-@",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: PI_HOOKS,
  events: {
    ...PI_EVENTS,
    // Dialogs of extensions, told since 0.87; Pi itself has none within a turn.
    ui_prompt_start: "question_request",
    ui_prompt_end: "request_answered",
  },
  otherEvents: [
    "before_agent_start",
    "input",
    "message_end",
    "message_update",
    "model_select",
    "session_before_switch",
    "tool_call",
    "tool_result",
    "turn_end",
    "turn_start",
    "user_bash",
  ],
  payload: PI_PAYLOAD,
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
    "It has no permission dialogs. Those of extensions are told since 0.87; before, a turn that waits in one shows as working.",
    "A command typed after ! is no turn: the session shows as idle while it runs.",
    "Before 0.80.4 it does not tell that it tries again: after Esc in such a pause the session shows as working for up to 10 s.",
    "SIGKILL is silent: the launcher sees the end.",
  ],
  gates: [
    { gate: "login", how: "hidden", note: "run `pi` once and /login, or set the key of your provider" },
    {
      gate: "trust",
      how: "hidden",
      note: "a project with extensions or skills of its own is asked about once",
    },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: {
    version: "0.87.1",
    gates: [],
    dialog: [],
    busy: [{ lines: 12, all: ["[⠀-⣿] (Working|Retrying|Compacting|Auto-compacting|Running)"] }],
    // Between two rules above a line of place and a line of use.
    composer: "─{20}((?:\\n[^─\\n]*)*)\\n─{20,}\\n[^─\\n]*\\n[^─\\n]*$",
    ready: [{ lines: 5, all: ["^─{20,}\\n+─{20,}\\n\\S.*\\n.*\\d%?/\\d"] }],
  },
  keys: { interrupt: ["Escape"], clear: ["C-c"] },
};
