import { LAUNCH_TIME } from "./watched-launch.ts";

/** Lines as the agents wrote them (gemini 0.61.0, qwen 0.24.4, copilot 1.0.102, grok 1.0.41, vibe 3.0.2), `ms` after the launch. */
function timeAt(ms: number): string {
  return new Date(LAUNCH_TIME + ms).toISOString();
}

const asLine = (value: object) => `${JSON.stringify(value)}\n`;

/** Gemini's session file. */
export const geminiLines = {
  head: asLine({
    sessionId: "s",
    projectHash: "h",
    startTime: timeAt(0),
    lastUpdated: timeAt(0),
    kind: "main",
  }),
  prompt: (ms: number, text = "do") =>
    asLine({ id: `u${ms}`, timestamp: timeAt(ms), type: "user", content: [{ text }] }),
  toolResult: (ms: number) =>
    asLine({
      id: `t${ms}`,
      timestamp: timeAt(ms),
      type: "user",
      content: [{ functionResponse: { id: "run_shell_command__1", name: "run_shell_command" } }],
    }),
  model: (ms: number) =>
    asLine({ id: `m${ms}`, timestamp: timeAt(ms), type: "gemini", content: "", thoughts: [], model: "x" }),
  /** Written again once its call has ended. */
  called: (ms: number, status: string, endMs: number, ...others: { name: string; status: string }[]) =>
    asLine({
      id: `m${ms}`,
      timestamp: timeAt(ms),
      type: "gemini",
      content: "",
      toolCalls: [{ name: "x", status }, ...others].map((call, index) => ({
        ...{ id: `run_shell_command__${index}`, args: {}, timestamp: timeAt(endMs) },
        ...call,
      })),
    }),
  /** The first of a history that is written anew. */
  retoldFirst: (ms: number) =>
    asLine({
      id: `a${ms}`,
      timestamp: timeAt(ms),
      type: "user",
      content: [{ text: "<session_context>\nx" }, { text: "do" }],
    }),
  retoldModel: (ms: number) =>
    asLine({
      id: `r${ms}`,
      timestamp: timeAt(ms),
      type: "gemini",
      content: [{ text: "done" }],
      thoughts: [],
      tokens: null,
    }),
  cancelled: (ms: number) =>
    asLine({ id: `c${ms}`, timestamp: timeAt(ms), type: "info", content: "Request cancelled." }),
  updated: (ms: number) => asLine({ $set: { lastUpdated: timeAt(ms) } }),
};

/** Qwen's session file. */
export const qwenLines = {
  prompt: (ms: number, provenance = "real_user") =>
    qwen(ms, { type: "user", provenance, message: { role: "user", parts: [{ text: "do" }] } }),
  calls: (ms: number) =>
    qwen(ms, {
      type: "assistant",
      message: { role: "model", parts: [{ text: "so" }, { functionCall: { id: "1", name: "x", args: {} } }] },
    }),
  says: (ms: number) =>
    qwen(ms, { type: "assistant", message: { role: "model", parts: [{ text: "done" }] } }),
  answers: (ms: number) =>
    qwen(ms, {
      type: "assistant",
      message: { role: "model", parts: [{ text: "done" }] },
      usageMetadata: { promptTokenCount: 1000, totalTokenCount: 1010 },
    }),
  result: (ms: number, status: string) =>
    qwen(ms, { type: "tool_result", toolCallResult: { callId: "1", status } }),
  apiError: (ms: number) =>
    qwen(ms, {
      type: "system",
      subtype: "ui_telemetry",
      systemPayload: { uiEvent: { "event.name": "qwen-code.api_error" } },
    }),
};

function qwen(ms: number, members: object): string {
  return asLine({ uuid: `q${ms}`, parentUuid: null, sessionId: "s", timestamp: timeAt(ms), ...members });
}

/** Copilot's events. */
export const copilotLines = {
  prompt: (ms: number) => copilot(ms, "user.message", { content: "do", delivery: "idle" }),
  turnStart: (ms: number, agentId?: string) => copilot(ms, "assistant.turn_start", { turnId: "0" }, agentId),
  turnEnd: (ms: number) => copilot(ms, "assistant.turn_end", { turnId: "0" }),
  asked: (ms: number, requestId: string, agentId?: string) =>
    copilot(ms, "permission.requested", { requestId, permissionRequest: { kind: "shell" } }, agentId),
  answered: (ms: number, requestId: string, kind = "approved") =>
    copilot(ms, "permission.completed", { requestId, result: { kind } }),
  says: (ms: number, content: string, agentId?: string) =>
    copilot(ms, "assistant.message", { messageId: "m", content, toolRequests: [] }, agentId),
  abort: (ms: number) => copilot(ms, "abort", { reason: "user_initiated" }),
  error: (ms: number) => copilot(ms, "session.error", { errorType: "query", message: "400 mock error 400" }),
};

function copilot(ms: number, type: string, data: object, agentId?: string): string {
  const id = `${type}-${ms}`;
  return asLine({ type, data, ...(agentId && { agentId }), id, timestamp: timeAt(ms), parentId: null });
}

/** `open-sessions-state.json` with one session of this user's and another's. */
export function openSessions(session: string, working: boolean, ms: number): string {
  const entry = { schemaVersion: 1, openedAt: timeAt(0), refreshedAt: timeAt(ms), working };
  return JSON.stringify({ other: { ...entry, working: !working }, [session]: entry }, null, 2);
}

/** Grok's `events.jsonl`. */
export const grokLines = {
  started: (ms: number) =>
    asLine({ ts: timeAt(ms), type: "turn_started", session_id: "s", turn_number: 0, yolo_mode: false }),
  phase: (ms: number, phase = "waiting_for_model") =>
    asLine({ ts: timeAt(ms), type: "phase_changed", phase }),
  asked: (ms: number) => asLine({ ts: timeAt(ms), type: "permission_requested", tool_name: "write" }),
  ended: (ms: number, outcome: string) => asLine({ ts: timeAt(ms), type: "turn_ended", outcome }),
};

/** Vibe's journal. */
export const vibeLines = {
  turn: (ms: number, status: string, ended?: number) => {
    const latestTurn = {
      id: `turn-${ms}`,
      startedAt: LAUNCH_TIME + ms,
      status,
      ...(ended !== undefined && { completedAt: LAUNCH_TIME + ended }),
      ...(status === "failed" && { error: { message: "400 mock error" } }),
    };
    const delta = [
      { op: "append_entry" },
      { op: "set_envelope", state: { activeCallbacks: [], latestTurn } },
    ];
    return asLine({ payload: { delta, watermark: ms }, sequence: ms, type: "projection_delta" });
  },
  asked: (ms: number, callback_id: string, kind = "approval") =>
    asLine({
      payload: { callback_id, kind, routing: { callbackId: callback_id, createdAt: LAUNCH_TIME + ms } },
      sequence: ms,
      type: "callback_registered",
    }),
  answered: (callback_id: string) =>
    asLine({ payload: { callback_id, state: "resolved" }, sequence: 1, type: "callback_resolved" }),
};
