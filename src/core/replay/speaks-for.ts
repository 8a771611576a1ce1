import type { Meaning } from "../signal.ts";

/** What a single signal can speak for; a dialog and a wait for the next instruction are one, "needs". */
export type SpokenState = "idle" | "active" | "needs" | "exited";

/** The state a signal speaks for when nothing else is known; undefined where it speaks for none. */
export function speaksFor(meaning: Meaning): SpokenState | undefined {
  switch (meaning) {
    case "permission_request":
    case "question_request":
    case "notify_permission":
    case "notify_input":
    case "limit":
    case "auth_required":
    case "witness_blocked":
      return "needs";
    case "turn_end":
    case "turn_interrupted":
    case "turn_failed":
    case "notify_idle":
    case "conversation_start":
    case "conversation_end":
    case "compact_end":
    case "witness_idle":
    case "screen_ready":
      return "idle";
    case "prompt":
    case "prompt_synthetic":
    case "tool_start":
    case "tool_end":
    case "tool_batch_end":
    case "progress":
    case "request_answered":
    case "subagent_start":
    case "subagent_end":
    case "compact_start":
    case "witness_active":
      return "active";
    case "process_exited":
    case "process_dead":
    case "spawn_failed":
      return "exited";
    case "receipt":
    case "turn_problem":
    case "launch_requested":
    case "process_started":
    case "process_alive":
    case "screen_gate":
    case "kill_requested":
      return undefined;
  }
}
