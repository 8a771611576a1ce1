import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** `ao-hook` keeps this much; a longer file is cut here too. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** A writer that lives but has not written for so long will not go on. */
const QUIET_MS = 1000;

/** What a look at a spooled file found. */
export type PayloadReading =
  /** The whole payload, as far as it will ever be there. */
  | { state: "complete"; text: string; bytes: number }
  /** Its writer is still at it. */
  | { state: "unfinished" }
  | { state: "gone" }
  /** It can never be read. */
  | { state: "unusable"; problem: string };

/**
 * Reads a spooled file.
 *
 * Hooks write in place (a rename would cost them a third process), so a file may be met half-written. It is complete
 * when its JSON closes (no proper head of an object is JSON), when its writer is gone, or when it has been quiet for a
 * second: a hook killed half-way is still an event. Files renamed into the spool pass the same way.
 */
export function readPayload(path: string, options: { writerPid: number; now: number }): PayloadReading {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    // Asked before the reading: what a writer that is gone has written is all there.
    const writerGone = !isAlive(options.writerPid);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { state: "unusable", problem: "not a regular file" };
    const data = readUpTo(fd, Math.min(stat.size, MAX_PAYLOAD_BYTES));
    const text = data.toString("utf8");
    const quiet = Math.abs(options.now - stat.mtimeMs) > QUIET_MS;
    if (writerGone || quiet || isClosedObject(text)) return { state: "complete", text, bytes: data.length };
    return { state: "unfinished" };
  } catch (error) {
    return fromError(error as NodeJS.ErrnoException);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readUpTo(fd: number, size: number): Buffer {
  const data = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(fd, data, filled, size - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return data.subarray(0, filled);
}

function isClosedObject(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** True while the process exists, also as a zombie, also when the pid is another process's by now. */
export function isAlive(pid: number): boolean {
  if (pid < 1 || pid > 0x7fffffff) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function fromError(error: NodeJS.ErrnoException): PayloadReading {
  switch (error.code) {
    case "ENOENT":
      return { state: "gone" };
    // This process is short of something: the file is as good as before.
    case "EMFILE":
    case "ENFILE":
    case "ENOMEM":
    case "EINTR":
      return { state: "unfinished" };
    case undefined:
      throw error;
    default:
      return { state: "unusable", problem: error.code };
  }
}
