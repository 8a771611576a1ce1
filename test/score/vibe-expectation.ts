import { basename } from "node:path";
import type { TranscriptEvent } from "../../src/shim/witness/transcript-event.ts";
import { createTurnStory } from "../../src/shim/witness/turn-story.ts";
import { createVibeParser } from "../../src/shim/witness/vibe-journal.ts";
import type { TraceLine } from "../support/trace-file.ts";
import type { AgentFile, Expectation } from "./witness-lines.ts";

const LOCK = /\/session\/active\/([\w-]+)\.lock\.json$/;
const JOURNAL = /\/session\/unified\/([\w-]+)\/journal\/\d+\.jsonl$/;
const SESSION = /\/session\/unified\/[\w-]+$/;

/** Files of vibe's sessions that its witness reads. */
export function isVibesFile({ path }: Pick<AgentFile, "path">): boolean {
  return LOCK.test(path) || JOURNAL.test(path);
}

/**
 * Creates the expectation of a witness that follows the journal of one session: the only one that the agent's server holds
 * and that has turns, until a hook of the root names another.
 */
export function createVibeExpectation(since: number): Expectation {
  const held = new Set<string>();
  const journals = new Map<
    string,
    { parse: ReturnType<typeof createVibeParser>; events: TranscriptEvent[] }
  >();
  let current: string | undefined;
  let isLeft = true;
  let told = 0;
  const story = createTurnStory({
    since,
    tell() {
      told += 1;
    },
  });
  const tells = (events: readonly TranscriptEvent[]) => {
    const before = told;
    for (const event of events) story.take(event);
    return told > before;
  };
  const follow = (session: string) => {
    current = session;
    isLeft = false;
    return tells(journals.get(session)?.events ?? []);
  };
  const search = () => {
    const [only, ...others] = [...held].filter((session) => journals.has(session));
    return isLeft && only !== undefined && others.length === 0 && follow(only);
  };
  const grown = (session: string, text: string) => {
    const journal = journals.get(session) ?? { parse: createVibeParser(), events: [] };
    journals.set(session, journal);
    const events = text.split("\n").flatMap((line) => journal.parse(line) ?? []);
    journal.events.push(...events);
    return session === current ? tells(events) : search();
  };
  return {
    heard({ payload }: TraceLine) {
      const { transcript_path: path, parent_session_id: parent } = payload;
      if (typeof path !== "string" || !SESSION.test(path) || parent) return false;
      return basename(path) !== current && follow(basename(path));
    },
    speaks({ path, text, gone }: AgentFile) {
      const locked = LOCK.exec(path)?.[1];
      const session = JOURNAL.exec(path)?.[1];
      if (locked === undefined) return session !== undefined && grown(session, text);
      if (gone) {
        held.delete(locked);
        if (locked === current) isLeft = true;
      } else held.add(locked);
      return search();
    },
  };
}
