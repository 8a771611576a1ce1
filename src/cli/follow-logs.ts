import { setTimeout as sleep } from "node:timers/promises";
import { AoError } from "../core/errors.ts";
import type { AoClient } from "./client-types.ts";

/** A terminal has no stream of its own: its screen is looked at this often, as a person would. */
const LOOK_EVERY_MS = 500;
const DEFAULT_LINES = 200;

/** Writes what a session's terminal shows, then what is added to it, until its terminal is gone or `signal` aborts. */
export async function followLogs(options: {
  client: AoClient;
  sessionId: string;
  lines: number | undefined;
  write: (lines: readonly string[]) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { client, sessionId, write, signal } = options;
  const lines = options.lines ?? DEFAULT_LINES;
  let shown: readonly string[] = [];
  try {
    for (;;) {
      const text = await client.sessions.terminal({ sessionId, lines }, signal);
      const current = screenLines(text);
      write(addedLines(shown, current));
      shown = current;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) return;
    const isGone =
      error instanceof AoError && (error.reason === "TERMINAL_GONE" || error.reason === "SESSION_NOT_FOUND");
    if (!isGone || shown.length === 0) throw error;
  }
}

function screenLines(text: string): string[] {
  const trimmed = text.replace(/\s+$/u, "");
  return trimmed === "" ? [] : trimmed.split("\n").map((line) => line.trimEnd());
}

/**
 * Lines of `after` that were not in `before`: what follows the longest end of `before` that `after` begins with.
 *
 * A full-screen program redraws instead of adding; then the lines from the first difference on are new.
 */
export function addedLines(before: readonly string[], after: readonly string[]): readonly string[] {
  for (let skipped = 0; skipped < before.length; skipped += 1) {
    const kept = before.slice(skipped);
    if (kept.length <= after.length && kept.every((line, index) => line === after[index]))
      return after.slice(kept.length);
  }
  const difference = after.findIndex((line, index) => line !== before[index]);
  return difference === -1 ? [] : after.slice(difference);
}
