import type { Facts, ReducerMemory, ToolUse, TurnState } from "../session.ts";

/** Fence of everybody's requests. */
export const EVERYBODY = "*";
/** Fence of the root's requests. */
export const ROOT = "";

const MAX_TOOLS = 32;
const MAX_FENCES = 32;
const MAX_AGENTS = 64;

/** What the reducer remembers; fresh where facts carry nothing. */
export function memoryOf(facts: Facts): ReducerMemory {
  return (
    facts.memory ?? {
      // The time of an end, or of a verdict that may be taken back, is none of the turn's.
      turn: {
        state: turnUnder(facts),
        evidenceTime: facts.activity.state === "exited" ? 0 : facts.activity.evidenceTime,
      },
      openTools: [],
      endedTools: [],
      fences: [],
      runningAgents: [],
    }
  );
}

function turnUnder(facts: Facts): TurnState {
  switch (facts.activity.state) {
    case "active":
    case "blocked":
      return "active";
    case "waiting_input":
      return "waiting_input";
    case "idle":
    case "exited":
      return "idle";
  }
}

/** Facts with some of the memory replaced. */
export function remember(facts: Facts, changed: Partial<ReducerMemory>): Facts {
  return { ...facts, memory: { ...memoryOf(facts), ...changed } };
}

/** Facts whose root turn is in `state`, proven at `at`. */
export function withTurn(facts: Facts, state: TurnState, at: number): Facts {
  const { compactingSince, prompts, stoppedTime, counted, ...memory } = memoryOf(facts);
  const turn = { state, evidenceTime: at };
  if (state !== "active") return { ...facts, memory: { ...memory, stoppedTime, counted, turn } };
  // What began in the new turn was told before the turn's own beginning was.
  const early = counted?.late.filter(({ time }) => time > at).length ?? 0;
  const backgroundTasks = Math.max(0, facts.backgroundTasks - early);
  return { ...facts, backgroundTasks, memory: { ...memory, prompts, turn } };
}

/** Facts that remember a tool's end or a request's answer. */
export function withEnded(facts: Facts, use: ToolUse): Facts {
  return remember(facts, { endedTools: [...memoryOf(facts).endedTools, use].slice(-MAX_TOOLS) });
}

/** Facts that remember an open tool. */
export function withOpen(facts: Facts, use: ToolUse): Facts {
  return remember(facts, { openTools: [...memoryOf(facts).openTools, use].slice(-MAX_TOOLS) });
}

/** Facts that remember that requests of `agent` begun before `time` are over. */
export function withFence(facts: Facts, agent: string, time: number): Facts {
  const { fences } = memoryOf(facts);
  const known = fences.find((fence) => fence.agent === agent);
  if (known && known.time >= time) return facts;
  const others = fences.filter((fence) => fence.agent !== agent);
  return remember(facts, { fences: [...others, { agent, time }].slice(-MAX_FENCES) });
}

/** The time before which requests of `agent` are over. */
export function fenceOf(facts: Facts, agent: string | undefined): number {
  const { fences } = memoryOf(facts);
  const ours = fences.filter((fence) => fence.agent === (agent ?? ROOT) || fence.agent === EVERYBODY);
  return Math.max(0, ...ours.map((fence) => fence.time));
}

/** Adds an id to a bounded list, once. */
export function withId(ids: readonly string[] | undefined, id: string): readonly string[] {
  return ids?.includes(id) ? ids : [...(ids ?? []), id].slice(-MAX_AGENTS);
}
