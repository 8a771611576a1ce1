import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { isRunning } from "./witness/process-identity.ts";

/** `ao-hook` keeps this much; a longer file is cut here too. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** A writer that lives but has not written for so long will not go on (or its pid is another process's by now). */
const QUIET_MS = 5000;
/** A writer that cannot be seen may still be one of another pid namespace, such as a container's: it gets this long. */
const SETTLED_MS = 50;

/** What a look at a spooled file found. */
export type PayloadReading =
  /** The whole payload, as far as it will ever be there. */
  | { state: "complete"; text: string; bytes: number }
  /**
   * It is not whole; `writing` when its writer runs, else it will be as whole as it gets within 50 ms. `shortOf` when
   * it could not be looked at because this process lacks something: the system's word for it.
   */
  | { state: "unfinished"; writing: boolean; shortOf?: string }
  | { state: "gone" }
  /** It can never be read. */
  | { state: "unusable"; problem: string };

/**
 * Reads a spooled file.
 *
 * Hooks write in place (a rename would cost them a third process), so a file may be met half-written. It is complete
 * when its JSON closes (no proper head of an object is JSON), when its writer is gone, or when it has been quiet for 5 s:
 * a hook killed half-way is still an event. Files renamed into the spool pass the same way.
 */
export function readPayload(path: string, options: { writerPid: number; now: number }): PayloadReading {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { state: "unusable", problem: "not a regular file" };
    const data = readUpTo(fd, Math.min(stat.size, MAX_PAYLOAD_BYTES));
    const text = data.toString("utf8");
    const complete = isClosedObject(text) || (isAbandoned(stat, options) && fstatSync(fd).size === stat.size);
    if (complete) return { state: "complete", text, bytes: data.length };
    return { state: "unfinished", writing: isRunning({ pid: options.writerPid }) };
  } catch (error) {
    return fromError(error as NodeJS.ErrnoException);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Nobody will write on. The file's size must be asked again after this: its writer may have written, then ended. */
function isAbandoned(stat: Stats, { writerPid, now }: { writerPid: number; now: number }): boolean {
  const quietMs = Math.abs(now - stat.mtimeMs);
  return quietMs > QUIET_MS || (quietMs > SETTLED_MS && !isRunning({ pid: writerPid }));
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

function fromError(error: NodeJS.ErrnoException): PayloadReading {
  switch (error.code) {
    case "ENOENT":
      return { state: "gone" };
    // This process is short of something: the file is as good as before.
    case "EMFILE":
    case "ENFILE":
    case "ENOMEM":
    case "EINTR":
      return { state: "unfinished", writing: false, shortOf: error.code };
    case undefined:
      throw error;
    default:
      return { state: "unusable", problem: error.code };
  }
}
