import type { Meaning } from "../../src/core/signal.ts";
import type { ScoredState } from "./states.ts";
import type { Told } from "./tell-trace.ts";

/** Labels are unsure up to this long around a key press, so what tells may come a little before its stretch. */
const BEFORE_MS = 500;

/** The state a signal speaks for when nothing else is known; undefined where it speaks for none. */
export function stateToldBy(meaning: Meaning): ScoredState | undefined {
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

/**
 * When the first signal came that could tell the state of a stretch: one of any kind that speaks for that state, from
 * 500 ms before the stretch until its end. Ms since the recording's start; undefined when the recording holds none.
 */
export function evidenceTime(
  told: readonly Told[],
  startMs: number,
  stretch: { state: ScoredState; from: number; to: number },
): number | undefined {
  const first = told.find(({ meaning, now }) => {
    const at = now - startMs;
    return at >= stretch.from - BEFORE_MS && at <= stretch.to && stateToldBy(meaning) === stretch.state;
  });
  return first && Math.max(stretch.from, first.now - startMs);
}
