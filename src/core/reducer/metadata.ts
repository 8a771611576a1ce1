import type { Facts } from "../session.ts";
import { summaryOf, titleOf } from "../text/title.ts";
import { memoryOf, remember } from "./memory.ts";
import type { Observation } from "./observation.ts";

const MAX_NATIVE_IDS = 64;

/**
 * Takes from any signal of the launch what holds whatever its order: the receipt (R10), the newest times, and what the
 * root says of itself - native id, transcript, title, summary (R7: a subagent's never).
 */
export function noteMetadata(seen: Observation): Facts {
  const noted = noteTimes(seen);
  return seen.speaker.kind === "root" ? noteRoot(noted, seen) : noted;
}

function noteTimes({ facts, signal, at }: Observation): Facts {
  const lastSignalTime = Math.max(facts.activity.lastSignalTime ?? at, at);
  const timed: Facts = { ...facts, activity: { ...facts.activity, lastSignalTime } };
  if (signal.kind === "witness") return noteWitness(timed, { at, id: signal.fields.nativeSessionId });
  if (signal.kind !== "hook" && signal.kind !== "report") return timed;
  const receiptTime = Math.min(facts.receiptTime ?? at, at);
  const hookTime = Math.max(memoryOf(facts).hookTime ?? at, at);
  const { gate, ...open } = timed;
  return remember({ ...open, receiptTime }, { hookTime });
}

function noteWitness(facts: Facts, { at, id }: { at: number; id: string | undefined }): Facts {
  const { witnessTime = at } = facts;
  const timed = { ...facts, witnessTime: Math.max(witnessTime, at) };
  return id === undefined || at < witnessTime ? timed : remember(timed, { witnessedId: id });
}

function noteRoot(facts: Facts, seen: Observation): Facts {
  return noteSummary(
    noteTitle(notePrompt(noteTranscript(noteNativeId(facts, seen), seen), seen), seen),
    seen,
  );
}

function noteNativeId(facts: Facts, { meaning, fields, at }: Observation): Facts {
  const id = fields.nativeSessionId;
  if (!id) return facts;
  const ids = facts.nativeSessionIds;
  // Kimi and codex tell the end of a conversation after the next one's start: it is no word for being the current one.
  if (meaning === "conversation_end" && ids.includes(id)) return facts;
  const { nativeTime } = memoryOf(facts);
  if (ids.at(-1) === id) return remember(facts, { nativeTime: Math.max(nativeTime ?? at, at) });
  if (nativeTime === undefined || at >= nativeTime) {
    return remember(withIds(facts, [...ids.filter((known) => known !== id), id]), { nativeTime: at });
  }
  return ids.includes(id) ? facts : withIds(facts, [...ids.slice(0, -1), id, ...ids.slice(-1)]);
}

function withIds(facts: Facts, ids: readonly string[]): Facts {
  return { ...facts, nativeSessionIds: ids.slice(-MAX_NATIVE_IDS) };
}

function noteTranscript(facts: Facts, { fields }: Observation): Facts {
  const path = fields.transcriptPath;
  if (!path) return facts;
  const kept = keepTranscript(facts, fields.nativeSessionId, path);
  if (path === kept.transcriptPath) return kept;
  const current = fields.nativeSessionId === facts.nativeSessionIds.at(-1);
  return current || !facts.transcriptPath ? { ...kept, transcriptPath: path } : kept;
}

/** Each conversation of the chain may be the one to resume, so each keeps its own file. */
function keepTranscript(facts: Facts, id: string | undefined, path: string): Facts {
  const ids = facts.nativeSessionIds;
  if (id === undefined || !ids.includes(id) || facts.transcripts?.[id] === path) return facts;
  const known = Object.entries(facts.transcripts ?? {}).filter(([one]) => ids.includes(one));
  return { ...facts, transcripts: { ...Object.fromEntries(known), [id]: path } };
}

/** A sent message is acknowledged by the prompt event that follows it, queued or not. */
function notePrompt(facts: Facts, { meaning, at }: Observation): Facts {
  if (meaning !== "prompt") return facts;
  return { ...facts, promptTime: Math.max(facts.promptTime ?? at, at) };
}

function noteTitle(facts: Facts, { meaning, fields }: Observation): Facts {
  if (meaning !== "prompt" || facts.title || !fields.prompt) return facts;
  return { ...facts, title: titleOf(fields.prompt) };
}

/** The newest wins; one that comes late only fills a gap. Where no hook has the agent's words, its witness may. */
function noteSummary(facts: Facts, { meaning, fields, at }: Observation): Facts {
  if ((meaning !== "turn_end" && meaning !== "witness_idle") || !fields.message) return facts;
  if (facts.summary && at < memoryOf(facts).turn.evidenceTime) return facts;
  return { ...facts, summary: summaryOf(fields.message) };
}
