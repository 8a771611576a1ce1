import type { Facts } from "../session.ts";
import { isTurnNewer, recorded, superseded } from "./effects.ts";
import { memoryOf, ROOT, remember, withTurn } from "./memory.ts";
import { type Effect, isOlder, type Observation } from "./observation.ts";
import { endTurnOf } from "./requests.ts";

/** Sources of a conversation that replaces the one before it; others come at start or in mid-turn. */
const REPLACING = new Set(["clear", "resume", "fork", "new"]);

/**
 * R7: a conversation began. Its id is metadata, noted already; the turn ends only when one conversation was left for
 * another. A compaction's start comes in mid-turn, and that of a lazy agent overlaps its first prompt.
 */
export function onConversationStart(seen: Observation): Effect {
  const source = seen.fields.source ?? "";
  if (source === "compact") {
    return { facts: withoutCompaction(seen), rule: "R7", reason: "the conversation was compacted" };
  }
  if (!REPLACING.has(source) || !isReplaced(seen)) return recorded(seen, "R10", "a conversation began");
  if (isTurnNewer(seen)) return superseded(seen.facts, "a conversation older than what the turn shows now");
  const left = endTurnOf(seen.facts, ROOT, seen.at);
  if (seen.traits.firstSignal === "prompt") {
    // Codex's witness has seen the new one's first turn begin by then.
    return { facts: left, rule: "R7", reason: "another conversation, told of with its first prompt" };
  }
  const facts = withTurn(left, "idle", seen.at);
  return { facts, rule: "R7", reason: "another conversation in the same process" };
}

/** True when this launch had another conversation before. */
function isReplaced({ before, fields }: Observation): boolean {
  return (
    memoryOf(before).nativeTime !== undefined && before.nativeSessionIds.at(-1) !== fields.nativeSessionId
  );
}

/** The conversation ended; the process may live on, so this is never an exit. */
export function onConversationEnd(seen: Observation): Effect {
  const facts = endTurnOf(seen.facts, ROOT, seen.at);
  if (isTurnNewer(seen)) return superseded(facts, "an end older than what the turn shows now");
  return {
    facts: withTurn(facts, "idle", seen.at),
    rule: "R7",
    reason: "the conversation ended; only the process's exit ends the launch",
  };
}

/** Compaction in mid-turn is part of the turn; asked for between turns, the agent works until it is over. */
export function onCompactStart(seen: Observation): Effect {
  if (isTurnNewer(seen) || isOlder(seen, seen.memory.compactedTime)) {
    return superseded(seen.facts, "older than what the turn shows now");
  }
  return {
    facts: remember(seen.facts, { compactingSince: seen.at }),
    rule: "R7",
    reason: "the conversation is being compacted",
  };
}

/** No Stop follows a compaction asked for between turns. */
export function onCompactEnd(seen: Observation): Effect {
  return { facts: withoutCompaction(seen), rule: "R7", reason: "the compaction is over" };
}

function withoutCompaction({ facts, at }: Observation): Facts {
  const { compactingSince, compactedTime } = memoryOf(facts);
  const isOver = compactingSince !== undefined && at >= compactingSince;
  return remember(facts, {
    compactingSince: isOver ? undefined : compactingSince,
    compactedTime: Math.max(compactedTime ?? at, at),
  });
}
