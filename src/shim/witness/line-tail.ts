import type { FileHandle } from "node:fs/promises";
import { ifThere } from "../../util/absent.ts";
import { fileMark } from "./file-mark.ts";
import { readLines } from "./read-lines.ts";
import { withFile } from "./with-file.ts";

/** First read: enough for a turn that has just begun. */
const FIRST_WINDOW_BYTES = 256 * 1024;
/** A long turn's beginning is looked for so far back; each try reads four times more. */
const MAX_WINDOW_BYTES = 16 * 1024 * 1024;

/** Reads the events of one file of lines, each once, in the order of the file. */
export interface LineTail<Event> {
  readonly path: string;
  /** What is new since the last call; nothing while there is no such file. Throws on errors of the file system. */
  read(): Promise<Event[]>;
}

/** Makes an event of one line; undefined for lines that tell of none, torn lines and garbage. Never throws. */
export type ParseLine<Event> = (line: string) => Event | undefined;

/**
 * Follows a file by byte offset, starting near its end: resumed conversations append to files of any size.
 *
 * A file that shrank or was replaced is read anew, so that events can come twice.
 */
export function createLineTail<Event>(path: string, parse: ParseLine<Event>): LineTail<Event> {
  const readAfter = createReader(parse);
  let place: Place | undefined;
  let seen = "";
  return {
    path,
    async read() {
      const mark = fileMark(path);
      if (mark === seen) return [];
      const read = await ifThere(withFile(path, (file) => readAfter(file, place)));
      seen = mark;
      place = read?.place;
      return read?.events ?? [];
    },
  };
}

interface Place {
  identity: string;
  /** Behind the last whole line read. */
  offset: number;
}

interface Read<Event> {
  events: Event[];
  offset: number;
}

type File = Parameters<typeof readLines>[0];

/** Creates the reader of what came after a place. */
function createReader<Event>(parse: ParseLine<Event>) {
  async function readAfter(file: FileHandle, place: Place | undefined) {
    const stat = await file.stat({ bigint: true });
    const [identity, size] = [`${stat.ino} ${stat.birthtimeNs}`, Number(stat.size)];
    const known = place?.identity === identity && place.offset <= size ? place.offset : undefined;
    const near = known !== undefined && size - known <= MAX_WINDOW_BYTES;
    const { events, offset } = near
      ? await readEvents(file, { from: known, to: size })
      : await readEnd(file, size);
    return { events, place: { identity, offset } };
  }

  /** The events of the file's end, from far enough back to hold one where there is one. */
  async function readEnd(file: File, size: number): Promise<Read<Event>> {
    let window = FIRST_WINDOW_BYTES;
    let read = await readEvents(file, { from: Math.max(0, size - window), to: size });
    while (read.events.length === 0 && window < size && window < MAX_WINDOW_BYTES) {
      window *= 4;
      read = await readEvents(file, { from: Math.max(0, size - window), to: size });
    }
    return read;
  }

  async function readEvents(file: File, range: { from: number; to: number }): Promise<Read<Event>> {
    const events: Event[] = [];
    const offset = await readLines(file, range, (line) => {
      const event = parse(line);
      if (event !== undefined) events.push(event);
    });
    return { events, offset };
  }

  return readAfter;
}
