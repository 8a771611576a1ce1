import type { HarnessSpec, HookSpec, PayloadSpec } from "../spec.ts";

/** How ao's extension gets into Pi and into OMP, which is made of it: named by flag, nothing is written elsewhere. */
export const PI_HOOKS: HookSpec = {
  strategy: "files",
  files: [{ kind: "asset", place: "launch", path: "ao-extension.mjs", asset: "assets/pi-extension.mjs" }],
  args: ["--extension", "{dir}/ao-extension.mjs"],
  env: {},
};

/** Events of the extension that both have. */
export const PI_EVENTS: HarnessSpec["events"] = {
  session_start: [
    { when: [{ field: "agentId", present: true }], means: "subagent_start" },
    { means: "conversation_start" },
  ],
  message_start: "prompt",
  agent_start: "progress",
  // A run may be tried again or be followed by another: `agent_settled` tells the end of the turn.
  agent_end: [{ when: [{ field: "reason", equals: "error" }], means: "turn_problem" }, { means: "receipt" }],
  agent_settled: [
    { when: [{ field: "agentId", present: true }], means: "subagent_end" },
    { when: [{ field: "reason", equals: "aborted" }], means: "turn_interrupted" },
    { when: [{ field: "reason", equals: "error" }], means: "turn_failed" },
    { means: "turn_end" },
  ],
  tool_execution_start: "tool_start",
  tool_execution_end: "tool_end",
  session_before_compact: "compact_start",
  session_compact: "compact_end",
  session_compact_failed: "compact_end",
  // The extension's own heartbeat, every 30 s while a run goes on and no dialog is open.
  "ao.busy": "witness_active",
  session_shutdown: [
    { when: [{ field: "agentId", present: true }], means: "receipt" },
    // Also of SIGTERM and of Ctrl-C; a conversation that is left for another has another reason.
    { when: [{ field: "reason", equals: "quit" }], means: "conversation_end" },
    { means: "receipt" },
  ],
};

/** Where the extension puts what it tells. */
export const PI_PAYLOAD: PayloadSpec = {
  fields: {
    nativeSessionId: ["sessionId"],
    agentId: ["agentId"],
    toolName: ["toolName"],
    toolUseId: ["toolCallId"],
    requestId: ["requestId"],
    reason: ["reason"],
    source: ["source"],
    prompt: ["prompt"],
    message: ["message"],
    transcriptPath: ["transcript"],
    cwd: ["cwd"],
  },
  toolInput: [],
  toolInputIgnored: [],
  backgroundTasks: [],
};
