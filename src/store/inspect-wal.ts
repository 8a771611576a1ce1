import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const BIG_ENDIAN_SUMS = 0x377f0683;
const LITTLE_ENDIAN_SUMS = 0x377f0682;

/** Where SQLite's running checksum stands. */
type Sums = readonly [number, number];

/**
 * What would be lost if SQLite opened the write-ahead log at `path`; undefined when nothing would.
 *
 * SQLite reads up to the first frame whose checksum is wrong and drops the rest without a word: right for the
 * transaction a crash tore, which nobody was told of. Commits behind a wrong frame, or a header that is none, are
 * damage: with synchronous FULL a second commit begins only when the first is on disk, so a crash tears one at most.
 * The format is that of https://sqlite.org/fileformat2.html#walformat.
 */
export function walDamage(path: string): string | undefined {
  const file = openIfThere(path);
  if (file === undefined) return undefined;
  try {
    const { size } = fstatSync(file);
    const header = readAt(file, 0, HEADER_BYTES);
    // Zeros: the machine went down before the first commit was on disk.
    if (size === 0 || header.every((byte) => byte === 0)) return undefined;
    const log = parseHeader(header);
    if (!log) return "its write-ahead log (the file with -wal) is damaged from its first byte on";
    const lost = lostCommits({ file, size, ...log });
    return lost > 1
      ? `its write-ahead log (the file with -wal) is damaged before the last ${lost} commits`
      : undefined;
  } finally {
    closeSync(file);
  }
}

interface Log {
  bigEndian: boolean;
  pageBytes: number;
  /** Both salts as bytes: frames of an earlier round have others. */
  salts: Buffer;
  sums: Sums;
}

function parseHeader(header: Buffer): Log | undefined {
  if (header.length < HEADER_BYTES) return undefined;
  const magic = header.readUInt32BE(0);
  if (magic !== BIG_ENDIAN_SUMS && magic !== LITTLE_ENDIAN_SUMS) return undefined;
  const bigEndian = magic === BIG_ENDIAN_SUMS;
  const sums = addSums([0, 0], header.subarray(0, 24), bigEndian);
  if (!sameSums(sums, header.subarray(24, 32))) return undefined;
  return { bigEndian, pageBytes: header.readUInt32BE(8), salts: header.subarray(16, 24), sums };
}

/** Commits of this round behind the first frame that SQLite would not read. */
function lostCommits(log: Log & { file: number; size: number }): number {
  const { file, size, bigEndian, pageBytes, salts } = log;
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  let sums: Sums | undefined = log.sums;
  let lost = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= size; at += frameBytes) {
    const frame = readAt(file, at, sums ? frameBytes : FRAME_HEADER_BYTES);
    const ofThisRound = frame.subarray(8, 16).equals(salts);
    if (sums && ofThisRound) {
      const added: Sums = addSums(sums, frame.subarray(0, 8), bigEndian);
      const whole = addSums(added, frame.subarray(FRAME_HEADER_BYTES), bigEndian);
      sums = sameSums(whole, frame.subarray(16, 24)) ? whole : undefined;
    } else sums = undefined;
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (!sums && ofThisRound && isCommit) lost += 1;
  }
  return lost;
}

function addSums([first, second]: Sums, bytes: Buffer, bigEndian: boolean): Sums {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let a = first;
  let b = second;
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + view.getUint32(at, !bigEndian) + b) >>> 0;
    b = (b + view.getUint32(at + 4, !bigEndian) + a) >>> 0;
  }
  return [a, b];
}

function sameSums([a, b]: Sums, stored: Buffer): boolean {
  return stored.readUInt32BE(0) === a && stored.readUInt32BE(4) === b;
}

function readAt(file: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, readSync(file, buffer, 0, bytes, at));
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
