import { membersOfLine, timeOf } from "./json-line.ts";
import type { TranscriptEvent } from "./transcript-event.ts";

const TOLD = /"type":"(turn_started|turn_ended)"/;

/**
 * Reads one line of `<grokHome>/sessions/<directory>/<session>/events.jsonl`. Seen with grok 1.0.41:
 * `{"ts":"2026-11-23T02:16:19.620Z","type":"turn_started","turn_number":0,…}` and
 * `{"ts":"…","type":"turn_ended","outcome":"completed"}`, or "error", or "cancelled" with a `cancellation_category`. Dialogs
 * stand there without a name, also those that nobody was shown: nothing is made of them. A turn whose prompt was put
 * back into the composer has no end. Never throws.
 */
export function parseGrokEvent(line: string): TranscriptEvent | undefined {
  if (!TOLD.test(line)) return undefined;
  const { ts, type, outcome } = membersOfLine(line);
  const at = timeOf(ts);
  if (at === undefined) return undefined;
  if (type === "turn_started") return { kind: "active", at, key: "turn" };
  if (type !== "turn_ended") return undefined;
  if (outcome === "completed") return { kind: "idle", at, key: "turn" };
  if (outcome === "cancelled") return { kind: "interrupted", at, key: "turn" };
  return outcome === "error" ? { kind: "failed", at, key: "turn" } : undefined;
}
