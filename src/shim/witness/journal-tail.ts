import { join } from "node:path";
import { namesIn } from "../../util/absent.ts";
import { createLineTail, type LineTail, type ParseLine } from "./line-tail.ts";

/** An agent keeps the file it writes and the one before it. */
const MAX_FILES = 4;
const NUMBERED = /^\d{1,32}\.jsonl$/;

/** Follows a directory of numbered files of lines, of which a new one goes on where the one before it ends. */
export function createJournalTail<Event>(path: string, parse: ParseLine<Event>): LineTail<Event> {
  let tails = new Map<string, LineTail<Event>>();
  return {
    path,
    async read() {
      const names = (await namesIn(path)).filter((name) => NUMBERED.test(name)).sort();
      const followed = names
        .slice(-MAX_FILES)
        .map((name) => [name, tails.get(name) ?? createLineTail(join(path, name), parse)] as const);
      tails = new Map(followed);
      const events: Event[] = [];
      for (const [, tail] of followed) events.push(...(await tail.read()));
      return events;
    },
  };
}
