import type { FileHandle } from "node:fs/promises";

const CHUNK_BYTES = 64 * 1024;
/** Longer lines are images and the like, never a turn's event. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** The part of a file to read; `to` is not part of it. */
export interface LineRange {
  from: number;
  to: number;
}

/**
 * Calls `onLine` for each line that ends within the range, without its line break, and returns where to go on: behind
 * the last whole line, or behind the range when the rest is too long to be waited for.
 *
 * A range that begins within a line gives the rest of it as a line. Lines over 1 MiB are left out.
 */
export async function readLines(
  file: FileHandle,
  { from, to }: LineRange,
  onLine: (line: string) => void,
): Promise<number> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let carry: Buffer[] = [];
  let carried = 0;
  let position = from;

  function keep(part: Buffer): void {
    carried += part.length;
    if (carried > MAX_LINE_BYTES) carry = [];
    else if (part.length > 0) carry.push(Buffer.from(part));
  }

  function endLine(): void {
    if (carried <= MAX_LINE_BYTES) onLine(withoutCarriageReturn(Buffer.concat(carry).toString("utf8")));
    carry = [];
    carried = 0;
  }

  while (position < to) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK_BYTES, to - position), position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0 && end < bytesRead; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      endLine();
      start = end + 1;
    }
    keep(chunk.subarray(start, bytesRead));
  }
  return carried > MAX_LINE_BYTES ? position : position - carried;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
