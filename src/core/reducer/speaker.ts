import type { Facts } from "../session.ts";
import type { Meaning, SignalFields } from "../signal.ts";
import { memoryOf } from "./memory.ts";

/** Whose event it is (R7): the root agent's, or that of a subagent or a child conversation. */
export type Speaker = { kind: "root" } | { kind: "child"; agentId: string };

const ROOT_SPEAKER: Speaker = { kind: "root" };

/**
 * Tells whose event it is.
 *
 * An event of a conversation that is neither the current one nor known belongs to somebody else: a hidden thread, a
 * child whose birth was missed, a conversation left behind. Only a conversation's start, or a prompt while the root
 * is not working, can name a new current one; or one that the second witness has named before, which may have seen it
 * work already.
 */
export function speakerOf(facts: Facts, meaning: Meaning, fields: SignalFields): Speaker {
  if (fields.agentId) return { kind: "child", agentId: fields.agentId };
  const id = fields.nativeSessionId;
  if (fields.parentSessionId && fields.parentSessionId !== id) {
    return { kind: "child", agentId: id ?? fields.parentSessionId };
  }
  if (id === undefined) return ROOT_SPEAKER;
  if (facts.childSessionIds?.includes(id)) return { kind: "child", agentId: id };
  return isCurrent(facts, id) || canBecomeCurrent(facts, meaning, id)
    ? ROOT_SPEAKER
    : { kind: "child", agentId: id };
}

function isCurrent(facts: Facts, id: string): boolean {
  return facts.nativeSessionIds.at(-1) === id;
}

function canBecomeCurrent(facts: Facts, meaning: Meaning, id: string): boolean {
  const { nativeTime, turn, witnessedId } = memoryOf(facts);
  if (nativeTime === undefined || meaning === "conversation_start") return true;
  return meaning === "prompt" && (turn.state !== "active" || witnessedId === id);
}
