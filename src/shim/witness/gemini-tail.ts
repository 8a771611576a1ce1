import { parseGeminiChat } from "./gemini-chat.ts";
import { createLineTail, type LineTail } from "./line-tail.ts";
import type { TranscriptEvent } from "./transcript-event.ts";

/** So soon behind a cancel nobody has typed the next prompt, and the hook of one would tell of it. */
const LATE_MS = 1000;

/**
 * Reads a session file of gemini's. A turn that is stopped while its first hooks run has its prompt written behind
 * "Request cancelled." (100 ms later, seen with 0.61.0 on a busy machine): that prompt begins nothing.
 */
export function createGeminiTail(path: string): LineTail<TranscriptEvent> {
  let stoppedAt = Number.NEGATIVE_INFINITY;
  return createLineTail(path, (line) => {
    const event = parseGeminiChat(line);
    if (event?.kind === "interrupted") stoppedAt = event.at;
    const isLate = event?.kind === "active" && event.at >= stoppedAt && event.at - stoppedAt < LATE_MS;
    return isLate ? undefined : event;
  });
}
