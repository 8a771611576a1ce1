import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** Cline CLI. Facts seen with 3.0.65 against a mock model unless a line says otherwise. */
export const cline: HarnessSpec = {
  id: "cline",
  displayName: "Cline",
  facts: { evidence: "seen", version: "3.0.65", source: "run against a mock model, terminal" },
  binary: {
    names: ["cline"],
    variable: "AO_CLINE_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "^(\\d+\\.\\S+)",
    // npm: `cline` is a wrapper beside the native program where the postinstall did not run.
    native: ["../@cline/cli-{platform}-{arch}/bin/cline", "../../@cline/cli-{platform}-{arch}/bin/cline"],
  },
  launch: {
    interactive: [
      "{binary}",
      "--tui",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    // With --id it drops the prompt of its command line (seen): a new one is typed.
    resume: [
      "{binary}",
      "--tui",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      "--id={resume}",
    ],
    headless: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--id={resume}"] },
      "--",
      "{prompt}",
    ],
    // Without the flag every tool is approved.
    permission: {
      default: { args: ["--auto-approve=false"] },
      "bypass-permissions": { args: ["--auto-approve=true"] },
    },
    permissionHint: 'Cline either asks for every tool ("default") or for none ("bypass-permissions").',
    prompt: "in_command",
    // Else what runs without a terminal has its hooks run by a daemon, with the environment of whoever started that.
    env: { CLINE_SESSION_BACKEND_MODE: "local" },
    unsetEnv: NESTED_AGENT_VARIABLES,
    // Of each launch its own: the hub's file is the launch's. After a SIGKILL of the agent it lives on (seen).
    helperArgument: "--cline-hub-daemon",
  },
  hooks: {
    strategy: "files",
    // --hooks-dir is ignored by the terminal program (seen), so it is given a copy of its directory made of links.
    files: [
      {
        kind: "scripts",
        place: "launch",
        path: "cline-home/hooks",
        userScript: "{HOME}/.cline/hooks/{event}",
      },
    ],
    mirror: { from: ["{CLINE_DIR}", "{HOME}/.cline"], to: "cline-home", make: ["data"], expect: [] },
    args: [],
    env: {
      CLINE_DIR: "{dir}/cline-home",
      // Else the terminal program joins the daemon that another one of the user's has left, and its hooks run there with
      // the environment of that one's launch (seen); CLINE_SESSION_BACKEND_MODE is not asked by it.
      CLINE_HUB_DISCOVERY_PATH: "{dir}/cline-hub.json",
    },
  },
  events: {
    // One for each turn.
    TaskStart: "prompt",
    TaskResume: "prompt",
    PreToolUse: [
      // This tool is the question itself, and no other approval is asked for.
      { when: [{ field: "toolName", equals: "ask_question" }], means: "question_request" },
      { means: "tool_start" },
    ],
    PostToolUse: "tool_end",
    TaskComplete: "turn_end",
    TaskError: "turn_failed",
    // Esc; a killed agent says nothing.
    SessionShutdown: "turn_interrupted",
  },
  otherEvents: ["UserPromptSubmit", "TaskCancel", "PreCompact"],
  payload: {
    fields: {
      // What `--id` takes and its files are named after; `taskId` is the model's conversation within it.
      nativeSessionId: ["sessionContext.rootSessionId", "taskId", "sessionId", "session_id"],
      // Null but for a subagent, whose events carry the root's session.
      parentSessionId: ["parent_agent_id"],
      toolName: [
        "tool_call.name",
        "tool_result.name",
        "preToolUse.toolName",
        "postToolUse.toolName",
        "toolName",
      ],
      toolUseId: ["tool_call.id", "tool_result.id", "toolCallId"],
      reason: ["reason", "error.name"],
      prompt: ["prompt", "taskStart.taskMetadata.initialTask"],
      message: ["turn.outputText", "error.message", "message"],
      cwd: ["cwd"],
    },
    toolInput: ["tool_call.input", "tool_result.input"],
    toolInputIgnored: [],
    backgroundTasks: [],
  },
  capabilities: {
    hooks: true,
    permissionSignal: false,
    turnEndSignal: true,
    exitSignal: false,
    resume: true,
    secondWitness: true,
    answer: true,
  },
  limits: [
    "No event tells of a permission dialog: its own session file does, without naming the tool.",
    "It starts a daemon of its own that outlives it: ao ends that with the launch.",
    "Its subagents ask nobody: a tool of theirs that needs approval fails (seen).",
  ],
  gates: [
    { gate: "login", how: "hidden", note: "run `cline auth` once" },
    { gate: "offer", how: "named", note: "its maker's offers stand over a first session: close them once" },
  ],
  traits: { hooks: true, firstSignal: "prompt", secondWitness: true },
  witness: { dataDir: ["{CLINE_DATA_DIR}", "{CLINE_DIR}/data", "{HOME}/.cline/data"] },
  screen: {
    version: "3.0.65",
    gates: [
      {
        gate: "offer",
        lines: 40,
        // Where a dialog stands below, that is what counts.
        all: ["^(?![\\s\\S]*\\[y\\] Approve)[\\s\\S]*Press Enter to open, any other key to close"],
      },
    ],
    dialog: [
      { lines: 8, all: ["^\\s*\\[y\\] Approve\\s+\\[n\\] Deny"] },
      { lines: 12, all: ["^ Cline is asking a question"] },
    ],
    // Its transcript begins at the top of the screen, far above the composer.
    busy: [{ lines: 60, all: ["^ [\\u2800-\\u28ff] "] }],
    ready: [{ lines: 5, all: ["^\\s*❯ (Ask anything\\.\\.\\.|What can I do for you\\?)"] }],
    composer: "─{20,}\\s*\\n\\s*❯([^─]*)\\n\\s*─{20,}[^─]*$",
    placeholders: ["Ask anything\\.\\.\\.", "What can I do for you\\?"],
  },
  // "n" denies too, and would be an answer's first letter where a question is open.
  keys: { interrupt: ["Escape"], approve: ["y"], deny: ["Escape"] },
};
