import type { Facts, ToolUse } from "../session.ts";
import type { Meaning } from "../signal.ts";
import { recorded } from "./effects.ts";
import { memoryOf, ROOT, remember } from "./memory.ts";
import { against, type Effect, type Observation } from "./observation.ts";
import {
  bindRequests,
  endByToolEnd,
  endByToolStart,
  endDialogsOf,
  endTurnOf,
  endUnnamed,
} from "./requests.ts";
import { isSameUse, noteToolEnd, noteToolStart, subagentsOf, useOf } from "./tool-uses.ts";
import { onProgress } from "./turn.ts";

/** A tool's events: the root's turn runs, and a request for that very tool is over (R5). */
export function onTool(
  seen: Observation,
  meaning: Extract<Meaning, "tool_start" | "tool_end" | "tool_batch_end">,
): Effect {
  const noted = noteTool(seen, meaning);
  // With the results of its tools the model is given what was queued: one end for both.
  const given = (seen.memory.prompts ?? 0) > 1 && meaning !== "tool_start";
  const facts = given ? remember(noted, { prompts: 1 }) : noted;
  const effect = goOn(against(seen, facts), meaning);
  if (facts.requests.length >= seen.facts.requests.length) return effect;
  return { ...effect, superseded: false, rule: "R5", reason: "the tool that was asked for has been decided" };
}

/** A tool that begins is work; one that ends goes on with the turn it was used in, and not with one that was stopped. */
function goOn(seen: Observation, meaning: Meaning): Effect {
  if (meaning === "tool_start") return onProgress(seen);
  const { turn, stoppedTime } = seen.memory;
  // Gemini's shell tells of its end 1.5 s after an Esc, codex's tools may; a tool of a new turn has begun in it.
  if (stoppedTime !== undefined && turn.state !== "active") {
    return recorded(seen, "-", "a tool of the turn that was stopped has ended");
  }
  const effect = onProgress(seen);
  if (effect.superseded) return effect;
  const besidesEnds = turn.besidesEnds ?? turn.evidenceTime;
  return {
    ...effect,
    facts: remember(effect.facts, { turn: { ...memoryOf(effect.facts).turn, besidesEnds } }),
  };
}

/** What a tool's event tells of open tools and requests, whoever's it is. */
export function noteTool(
  seen: Observation,
  meaning: Extract<Meaning, "tool_start" | "tool_end" | "tool_batch_end">,
): Facts {
  const use = useOf(seen);
  const facts = isAllAnswered(seen, meaning) ? endAnswered(seen, use) : seen.facts;
  switch (meaning) {
    case "tool_start":
      return bindRequests(noteToolStart(endByToolStart(facts, use), use));
    case "tool_end":
      return noteToolEnd(endByToolEnd(facts, use), use);
    case "tool_batch_end":
      return endTurnOf(facts, use.agentId ?? ROOT, use.time);
  }
}

/**
 * Ends the dialogs that were decided before this tool ran. Subagents without an id of their own ask and run beside each
 * other: then a dialog whose tool is known waits for that tool, and one whose tool is not for there to be one subagent.
 */
function endAnswered(seen: Observation, use: ToolUse): Facts {
  const { facts } = seen;
  const others = subagentsOf(seen).filter((open) => !isSameUse(open, use));
  if (others.length === 0) return endDialogsOf(facts, use.agentId ?? ROOT, use.time);
  return others.length === 1 ? endUnnamed(facts, use) : facts;
}

/** The agent runs no tool while a dialog of its is open, and this one has run, or begins to. */
function isAllAnswered({ traits: { answersFirst } }: Observation, meaning: Meaning): boolean {
  return meaning === "tool_end" ? answersFirst !== undefined : meaning === answersFirst;
}
