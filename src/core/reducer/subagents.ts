import type { Facts } from "../session.ts";
import type { EventMeaning } from "../signal.ts";
import { onAnswer, onDialog } from "./asking.ts";
import { recorded } from "./effects.ts";
import { memoryOf, remember, withId, withTurn } from "./memory.ts";
import { against, type Effect, type Observation } from "./observation.ts";
import { endTurnOf } from "./requests.ts";
import { subagentsOf } from "./tool-uses.ts";
import { noteTool } from "./tools.ts";

const MAX_ENDED = 32;

/** Meanings that speak of a turn, and so of somebody. */
export type TurnMeaning = Exclude<EventMeaning, "witness_active" | "witness_idle" | "witness_blocked">;

/** R7: a subagent's events touch only its own requests; never the root's turn, ids, title or summary. */
export function onChildEvent(seen: Observation, meaning: TurnMeaning, agentId: string): Effect {
  switch (meaning) {
    case "permission_request":
      return onDialog(seen, "permission");
    case "question_request":
      return onDialog(seen, "question");
    case "request_answered":
      return onAnswer(seen);
    case "tool_start":
    case "tool_end":
    case "tool_batch_end":
      return { facts: noteTool(seen, meaning), rule: "R7", reason: "a subagent works" };
    case "conversation_start":
      return { facts: withChild(seen), rule: "R7", reason: "a child conversation began" };
    case "subagent_start":
      return onSubagentStart(isConversation(seen) ? against(seen, withChild(seen)) : seen, agentId);
    case "subagent_end":
      return onSubagentEnd(seen, agentId);
    case "conversation_end":
      // A subagent that is a process of its own ends with its conversation.
      return seen.memory.runningAgents.includes(agentId)
        ? onSubagentEnd(seen, agentId)
        : { facts: endTurnOf(seen.facts, agentId, seen.at), rule: "R7", reason: "a subagent's own turn" };
    case "turn_end":
    case "turn_interrupted":
    case "turn_failed":
    case "notify_idle":
    case "prompt":
    case "prompt_synthetic":
      return { facts: endTurnOf(seen.facts, agentId, seen.at), rule: "R7", reason: "a subagent's own turn" };
    case "receipt":
    case "progress":
    case "notify_permission":
    case "notify_input":
    case "turn_problem":
    case "limit":
    case "auth_required":
    case "compact_start":
    case "compact_end":
      return recorded(seen, "R7", "a subagent's event");
  }
}

/**
 * Whether a turn's end that names nobody is a subagent's: the root's own tool waits for one that has not been seen to end,
 * or that ended after it (kimi tells a subagent's turns as the root's).
 */
export function isSubagentsTurn(seen: Observation): boolean {
  const { endedAgents = [] } = seen.memory;
  const endedSince = endedAgents.some(({ time }) => time >= seen.at);
  return waitsForSubagent(seen) || (endedSince && subagentsOf(seen).length > 0);
}

function waitsForSubagent(seen: Observation): boolean {
  return seen.memory.runningAgents.length > 0 && subagentsOf(seen).length > 0;
}

/** Of most agents a subagent's events name the root's conversation; others say whose child theirs is. */
function isConversation({ fields: { nativeSessionId, parentSessionId } }: Observation): boolean {
  return parentSessionId !== undefined && parentSessionId !== nativeSessionId;
}

/** Leaves the root's turn as it is, and remembers the end: word of the subagent's own end may still be on its way. */
export function holdEnd(seen: Observation): Effect {
  const heldEnd = Math.max(seen.memory.heldEnd ?? seen.at, seen.at);
  return { facts: remember(seen.facts, { heldEnd }), rule: "R7", reason: "a subagent's turn ended" };
}

/** Once no subagent is left, a held end that is newer than all that was told of them was the root's. */
export function releaseEnd(facts: Facts, seen: Observation): Facts {
  const { heldEnd, turn, endedAgents = [] } = memoryOf(facts);
  if (heldEnd === undefined || waitsForSubagent(against(seen, facts))) return facts;
  const told = [seen.at, turn.evidenceTime, ...endedAgents.map(({ time }) => time)];
  const free = remember(facts, { heldEnd: undefined });
  return heldEnd > Math.max(...told) ? withTurn(free, "idle", heldEnd) : free;
}

function withChild(seen: Observation): Facts {
  const id = seen.fields.nativeSessionId;
  return id ? { ...seen.facts, childSessionIds: withId(seen.facts.childSessionIds, id) } : seen.facts;
}

/**
 * Remembers who runs; what is shown is counted when the root's turn ends. Word of a beginning that comes after that is
 * counted then, unless the agent's own count held it, and not at all after word of its end.
 */
export function onSubagentStart(seen: Observation, agentId: string | undefined): Effect {
  const { runningAgents, endedAgents = [], counted } = seen.memory;
  const isOver = endedAgents.some(({ agent, time }) => agent === agentId && time >= seen.at);
  if (agentId === undefined || isOver || runningAgents.includes(agentId)) {
    return recorded(seen, "R7", isOver ? "a subagent began that is over" : "a subagent began");
  }
  const noted = remember(seen.facts, { runningAgents: withId(runningAgents, agentId) });
  const isMissing = counted !== undefined && !(counted.own && seen.at <= counted.time);
  const facts = isMissing ? countLate(noted, { agent: agentId, time: seen.at }) : noted;
  return { facts, rule: "R7", reason: "a subagent began" };
}

function countLate(facts: Facts, one: { agent: string; time: number }): Facts {
  const { counted } = memoryOf(facts);
  if (!counted) return facts;
  const late = [...counted.late, one].slice(-MAX_ENDED);
  return remember(
    { ...facts, backgroundTasks: facts.backgroundTasks + 1 },
    { counted: { ...counted, late } },
  );
}

/** One task fewer, if any was counted; an end without a beginning (claude's /compact) counts for nothing. */
export function onSubagentEnd(seen: Observation, agentId: string | undefined): Effect {
  const { runningAgents, turn, counted } = seen.memory;
  const known = agentId === undefined || runningAgents.includes(agentId);
  const less = agentId === undefined ? turn.state !== "active" : known;
  const ended = agentId === undefined ? seen.facts : withEndOf(seen, agentId);
  const facts = remember(
    { ...ended, backgroundTasks: Math.max(0, ended.backgroundTasks - (less ? 1 : 0)) },
    {
      runningAgents: runningAgents.filter((one) => one !== agentId),
      counted: counted && { ...counted, late: counted.late.filter(({ agent }) => agent !== agentId) },
    },
  );
  return { facts, rule: "R7", reason: known ? "a subagent ended" : "a subagent ended that never began" };
}

function withEndOf(seen: Observation, agent: string): Facts {
  const facts = endTurnOf(seen.facts, agent, seen.at);
  const all = seen.memory.endedAgents ?? [];
  const time = Math.max(seen.at, all.find((one) => one.agent === agent)?.time ?? 0);
  const others = all.filter((one) => one.agent !== agent);
  return remember(facts, { endedAgents: [...others, { agent, time }].slice(-MAX_ENDED) });
}
