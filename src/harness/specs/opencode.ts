import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** What it has in common with its forks. */
export const FAMILY_LIMITS: readonly string[] = [
  "SIGKILL is silent: the launcher sees the end.",
  "A login that is missing shows only when a turn fails.",
];

/**
 * opencode. Facts seen with 1.18.33 against a mock model unless a line says otherwise.
 *
 * Its events come from ao's plugin (`assets/opencode-plugin.js`), under the names of opencode's bus events and plugin
 * hooks. The plugin sends flat payloads; the paths below understand the bus events themselves too.
 */
export const opencode: HarnessSpec = {
  id: "opencode",
  displayName: "opencode",
  facts: { evidence: "seen", version: "1.18.33", source: "run against a mock model, terminal and run" },
  binary: {
    names: ["opencode"],
    variable: "AO_OPENCODE_BIN",
    extraDirs: ["~/.opencode/bin"],
    versionArgs: ["--version"],
    versionPattern: "^v?(\\d+\\.\\S+)",
    // npm: `opencode` is a hard link of the native program; older packages had a wrapper script.
    native: [
      "../../opencode-{platform}-{arch}/bin/opencode",
      "../node_modules/opencode-{platform}-{arch}/bin/opencode",
    ],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "prompt", args: ["--prompt={prompt}"] },
    ],
    // With --session the terminal program drops --prompt (seen; upstream issues 37536, 48113): the plugin submits it,
    // and again where a compaction that was cut off swallows it.
    resume: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      "--session={resume}",
    ],
    headless: [
      "{binary}",
      "run",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--session={resume}"] },
      "--",
      // `run` joins its arguments with spaces and puts quotes around each that holds one (seen).
      { insert: "promptWords" },
    ],
    permission: {
      // The agent's own default: the user's `permission` config, and without one every tool is allowed.
      default: {},
      "accept-edits": { config: { permission: { edit: "allow", bash: "ask", webfetch: "ask" } } },
      "bypass-permissions": { args: ["--auto"] },
    },
    permissionHint:
      'opencode reviews nothing by itself: use "accept-edits" (commands ask) or "bypass-permissions" (nothing asks).',
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "opencode-plugin",
    variable: "OPENCODE_CONFIG_CONTENT",
    asset: "assets/opencode-plugin.js",
    promptVariable: "AO_PLUGIN_PROMPT",
    restoreVariable: "AO_PLUGIN_RESTORE",
  },
  events: {
    // The plugin was loaded: the first sign of life, before any prompt.
    "plugin.init": "receipt",
    // Absent for a resumed conversation.
    "session.created": [
      { when: [{ field: "parentSessionId", present: true }], means: "subagent_start" },
      { means: "conversation_start" },
    ],
    "chat.message": "prompt",
    // `session.idle` follows every idle status.
    "session.status": [
      { when: [{ field: "type", in: ["busy", "retry"] }], means: "progress" },
      { means: "receipt" },
    ],
    "session.idle": [
      { when: [{ field: "agentId", present: true }], means: "subagent_end" },
      { means: "turn_end" },
    ],
    "session.error": [
      { when: [{ field: "agentId", present: true }], means: "receipt" },
      { when: [{ field: "reason", equals: "MessageAbortedError" }], means: "turn_interrupted" },
      // Documented, not seen.
      { when: [{ field: "reason", equals: "ProviderAuthError" }], means: "auth_required" },
      { when: [{ field: "message", contains: "usage limit" }], means: "limit" },
      // An idle status follows within milliseconds; the terminal shows the turn running until then.
      { means: "turn_problem" },
    ],
    "session.compacted": "compact_end",
    "tool.execute.before": "tool_start",
    "tool.execute.after": "tool_end",
    "permission.asked": "permission_request",
    "permission.replied": "request_answered",
    "question.asked": "question_request",
    "question.replied": "request_answered",
    "question.rejected": "request_answered",
    // The plugin's own heartbeat, every 30 s while a conversation is busy.
    "ao.busy": "witness_active",
    // The same, once, after the end of a turn, should word of that have been lost.
    "ao.idle": "witness_idle",
    // The plugin is unloaded; the exit itself is seen by the launcher.
    dispose: "receipt",
  },
  // A user's message is updated again after the turn: no sign of work.
  otherEvents: [
    "message.updated",
    "message.part.updated",
    "message.part.delta",
    "session.updated",
    "session.deleted",
    "session.diff",
    "server.instance.disposed",
  ],
  payload: {
    fields: {
      nativeSessionId: ["sessionID", "input.sessionID"],
      parentSessionId: ["parentID", "info.parentID"],
      agentId: ["agentID"],
      toolName: ["tool", "permission", "input.tool"],
      toolUseId: ["callID", "tool.callID", "input.callID"],
      requestId: ["requestID", "id"],
      reason: ["reason", "reply", "error.name"],
      source: ["source"],
      type: ["type", "status.type"],
      prompt: ["prompt", "output.parts.0.text"],
      message: ["message", "error.data.message", "questions.0.question"],
      cwd: ["directory"],
    },
    toolInput: [],
    toolInputIgnored: [],
    backgroundTasks: [],
  },
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    exitSignal: false,
    resume: true,
    secondWitness: true,
    answer: true,
  },
  limits: [
    "A turn that is left by /new runs on unseen: the session shows as working while the terminal rests.",
    ...FAMILY_LIMITS,
    "Killed in a compaction and restored without a prompt, it takes the next message into the summary and does not answer it.",
  ],
  gates: [],
  traits: { hooks: true, firstSignal: "launch", secondWitness: true },
  witness: { database: ["{XDG_DATA_HOME}/opencode/opencode.db", "{HOME}/.local/share/opencode/opencode.db"] },
  screen: {
    version: "1.18.33",
    gates: [],
    dialog: [
      { lines: 14, all: ["^\\s*┃\\s+△ Permission required", "Allow once\\s+Allow always\\s+Reject"] },
      { lines: 4, all: ["^\\s*┃\\s+↑↓ select\\s+enter (submit|confirm).*esc dismiss"] },
    ],
    // Of a subagent's dialog it asks back what to do instead; of the root's it does not.
    denial: [{ lines: 14, all: ["^\\s*┃\\s+△ Reject permission", "enter confirm\\s+esc cancel"] }],
    busy: [{ lines: 2, all: ["esc (again to )?interrupt"] }],
    // The lines with a border above the one with agent and model; a side bar may stand to their right.
    composer: "((?:(?:^|\\n)[^\\S\\n]*┃[^\\n]*)+)\\n[^\\S\\n]*┃  \\S[^\\n]* · [^\\n]*\\n[^\\S\\n]*╹▀[^┃]*$",
    composerMargin: "^[^\\S\\n]*┃|[^\\S\\n]{30,}\\S.*$",
    placeholders: ["Ask anything….*"],
    ready: [
      { lines: 14, all: ["┃\\s+Ask anything…", "ctrl\\+p commands"] },
      // Right of the composer a wide terminal shows a side bar.
      {
        lines: 6,
        all: ["^(\\s*┃(\\s{30}.*)?\\n){3}\\s*┃  \\S.*\\n\\s*╹▀+", "ctrl\\+p commands"],
      },
    ],
  },
  keys: { interrupt: ["Escape", "Escape"], approve: ["Enter"], deny: ["Escape"], confirmDenial: ["Enter"] },
};
