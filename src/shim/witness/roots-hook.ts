import type { Signal } from "../../core/signal.ts";

/** True of a hook of the agent itself, not of a subagent's. */
export function isRootsHook({ kind, fields }: Signal): boolean {
  return kind === "hook" && !fields.agentId && !fields.parentSessionId;
}
