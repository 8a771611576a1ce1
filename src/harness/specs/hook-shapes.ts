import type { HookEntries, PayloadSpec, ScreenSpec } from "../spec.ts";

/** Hooks as Claude Code writes them; `timeout` in the agent's own unit (seconds for most, milliseconds for some). */
export function claudeHooks(timeout: number, extra: { name?: string; matcher?: string } = {}): HookEntries {
  const { matcher, ...named } = extra;
  const hook = { type: "command", command: "{command}", ...named, timeout };
  const entry = { ...(matcher === undefined ? {} : { matcher }), hooks: [hook] };
  return { at: ["hooks"], shape: "by_event", entry };
}

/** Hooks as Cursor writes them: a bare command. */
export const BARE_COMMANDS: HookEntries = {
  at: ["hooks"],
  shape: "by_event",
  entry: { command: "{command}" },
};

/** Names of fields that agents with Claude-shaped hooks share. */
export const CLAUDE_SHAPED_PAYLOAD: PayloadSpec = {
  fields: {
    nativeSessionId: ["session_id", "sessionId", "conversation_id", "conversationId"],
    agentId: ["agent_id", "agentId"],
    toolName: ["tool_name", "toolName"],
    toolUseId: ["tool_use_id", "toolUseId"],
    reason: ["reason", "error"],
    source: ["source"],
    type: ["notification_type", "notificationType", "trigger"],
    prompt: ["prompt"],
    message: ["last_assistant_message", "lastAssistantMessage", "message"],
    transcriptPath: ["transcript_path", "transcriptPath"],
    cwd: ["cwd"],
  },
  toolInput: ["tool_input", "toolInput"],
  toolInputIgnored: [],
  backgroundTasks: ["background_tasks", "backgroundTasks"],
};

/** For agents whose screens nobody has recorded: no word is drawn from them. */
export const UNREAD_SCREEN: ScreenSpec = { version: "", gates: [], dialog: [], busy: [], ready: [] };
