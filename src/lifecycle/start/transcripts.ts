import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import type { Harness } from "../../core/ports/harnesses.ts";
import type { Facts } from "../../core/session.ts";

/** Looks into agents' transcripts, read only. */
export interface Transcripts {
  /**
   * The newest native conversation the agent can resume; undefined when there is none. One whose transcript is known
   * must be on disk and hold something: an agent that was killed early, or right after a clear, has told an id that it
   * cannot resume. One of an agent that keeps no file is believed.
   */
  newestHeld(facts: Facts, harness: Harness): Promise<string | undefined>;
}

/** Characters of one line that are looked at; what tells a line's kind stands first. */
const LINE_HEAD = 4096;

export function createTranscripts(): Transcripts {
  /** Files seen to hold something: they only grow, so they are not read again while they are there. */
  const held = new Set<string>();
  const holds = async (path: string, harness: Harness) => {
    const found = await findLine(path, held.has(path) ? undefined : harness.holdsConversation);
    if (found) held.add(path);
    else held.delete(path);
    return found;
  };
  return {
    async newestHeld(facts, harness) {
      for (const id of facts.nativeSessionIds.toReversed()) {
        const path = pathOf(facts, id);
        if (path === undefined || (await holds(path, harness))) return id;
      }
      return undefined;
    },
  };
}

function pathOf({ transcripts, transcriptPath, nativeSessionIds }: Facts, id: string): string | undefined {
  return transcripts?.[id] ?? (id === nativeSessionIds.at(-1) ? transcriptPath : undefined);
}

/** True when the file is there and has a line that matches; without `matches`, any line. Of a directory, any entry. */
async function findLine(
  path: string,
  matches: (line: string) => boolean = (line) => line !== "",
): Promise<boolean> {
  const file = await openTranscript(path);
  if (typeof file !== "object") return file;
  try {
    for await (const line of file.readLines({ encoding: "utf8", autoClose: false })) {
      if (matches(line.slice(0, LINE_HEAD))) return true;
    }
    return false;
  } finally {
    await file.close();
  }
}

/** The file, or of what is none whether it holds anything: not what is not there or may not be read. */
async function openTranscript(path: string): Promise<FileHandle | boolean> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return (await readdir(path)).length > 0;
    return found.isFile() && (await open(path, "r"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return false;
    throw error;
  }
}
