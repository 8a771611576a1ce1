import { setTimeout as sleep } from "node:timers/promises";
import { TimelineError } from "./timeline.ts";

/** A hook, an answer on the screen, a new id may come a little after the turn's end. */
const LATE_MS = 5000;
const LOOK_MS = 200;

/** Looks until what it sees is meant, and returns that; throws TimelineError with the problem of the last look after 5 s. */
export async function lateWord<T>(
  look: () => Promise<T>,
  isMeant: (seen: T) => boolean,
  problem: (seen: T) => string,
): Promise<T> {
  for (const deadline = Date.now() + LATE_MS; ; ) {
    const seen = await look();
    if (isMeant(seen)) return seen;
    if (Date.now() > deadline) throw new TimelineError(problem(seen));
    await sleep(LOOK_MS);
  }
}
