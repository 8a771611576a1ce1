import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ifThere, namesIn } from "../../util/absent.ts";
import type { WitnessSource } from "../witness-source.ts";
import { createJournalTail } from "./journal-tail.ts";
import { membersOfLine } from "./json-line.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { createTranscriptWitness } from "./transcript-witness.ts";
import { createVibeParser } from "./vibe-journal.ts";
import type { WitnessDeps } from "./witness-deps.ts";

const LOCK = /^([\w-]{1,64})\.lock\.json$/;
const MAX_LOCKS = 256;
const MAX_THREADS = 256;
const MAX_FILES = 16;

/**
 * The second witness of Mistral Vibe: the journal of its session.
 *
 * Sees what no hook tells: the beginning of a turn, dialogs and that they are answered, Esc, errors.
 */
export function createVibeWitness(deps: WitnessDeps): WitnessSource {
  return createTranscriptWitness(
    {
      source: "vibe",
      open: (path) => createJournalTail(path, createVibeParser()),
      pathIn: ({ fields: { transcriptPath } }) => transcriptPath && join(transcriptPath, "journal"),
      // No hook tells of its first turn before a tool does; one listing and as many small files as it has sessions open.
      searchMs: 1000,
      // A session that is cleared is let go for a new one, of which no hook tells before a tool is used or the turn is over.
      isLeft: (journal) => !existsSync(lockOf(journal)),
      find: ({ pid }, { witness }) => findJournal(pid, witness.sessions),
    },
    deps,
  );
}

/** Of `<sessions>/unified/<session>/journal`: there while a server holds the session. */
function lockOf(journal: string): string {
  const session = dirname(journal);
  return join(dirname(dirname(session)), "active", `${basename(session)}.lock.json`);
}

/** The journal of the session that the agent's own server holds; undefined while it holds none, or more than one. */
async function findJournal(
  pid: ProcessIdentity["pid"],
  sessions: string | undefined,
): Promise<string | undefined> {
  if (sessions === undefined) return undefined;
  const servers = await childrenOf(pid);
  const names = servers.length === 0 ? [] : await namesIn(join(sessions, "active"));
  const held: string[] = [];
  for (const name of names.slice(0, MAX_LOCKS)) {
    const session = LOCK.exec(name)?.[1];
    if (session === undefined) continue;
    const text = (await ifThere(readFile(join(sessions, "active", name), "utf8"))) ?? "";
    const journal = join(sessions, "unified", session, "journal");
    if (servers.includes(String(membersOfLine(text).process_id)) && (await holdsTurns(journal)))
      held.push(journal);
  }
  return held.length === 1 ? held[0] : undefined;
}

/** Process ids of its children, whichever thread began them; none where the system does not tell: hooks name the session. */
async function childrenOf(pid: number): Promise<string[]> {
  const tasks = `/proc/${pid}/task`;
  const threads = (await namesIn(tasks)).slice(0, MAX_THREADS);
  const lists = await Promise.all(
    threads.map(async (thread) => (await ifThere(readFile(join(tasks, thread, "children"), "utf8"))) ?? ""),
  );
  return lists.flatMap((list) => list.split(" ").filter((one) => one !== ""));
}

/** On its way to a session that is resumed the agent holds a new one for a second, in which nothing happens (seen). */
async function holdsTurns(journal: string): Promise<boolean> {
  for (const name of (await namesIn(journal)).slice(0, MAX_FILES)) {
    const found = await ifThere(stat(join(journal, name)));
    if (found && found.size > 0) return true;
  }
  return false;
}
