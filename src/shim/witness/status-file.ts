import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Clock } from "../../core/ports/clock.ts";
import { ifThere } from "../../util/absent.ts";

/** What parsing a status file gave: a status, nothing of use, or text that is not (yet) a whole document. */
export type StatusReading<Status> =
  | { kind: "status"; status: Status }
  | { kind: "nothing" }
  | { kind: "torn" };

/** Reads one small file again and again that an agent rewrites. */
export interface StatusFile<Status> {
  /**
   * `unchanged` without opening it when it is as it was read last; `always` reads it all the same. Throws on errors of
   * the file system.
   */
  read(options: { always: boolean }): Promise<StatusReading<Status> | { kind: "absent" | "unchanged" }>;
}

/** Two rewrites within a tick of the file system's clock share one mtime: a file this fresh is read again. */
const FRESH_MS = 1_000;

/** Creates the reader of the status file at `path`; one over `maxBytes` tells nothing. */
export function createStatusFile<Status>(given: {
  path: string;
  clock: Clock;
  maxBytes: number;
  /** Told when the file was written, epoch ms. Never throws. */
  parse(text: string, writtenAt: number): StatusReading<Status>;
}): StatusFile<Status> {
  const { path, clock, maxBytes, parse } = given;
  let seen: { mark: string; fresh: boolean } | undefined;
  return {
    async read({ always }) {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (!found) return { kind: "absent" };
      if (!found.isFile() || found.size > maxBytes) return { kind: "nothing" };
      const mark = `${found.ino} ${found.mtimeNs} ${found.size}`;
      if (!always && seen?.mark === mark && !seen.fresh) return { kind: "unchanged" };
      const text = await ifThere(readFile(path, "utf8"));
      if (text === undefined) return { kind: "absent" };
      // Asked for again: what was read may have been written since.
      const { mtimeMs = Number(found.mtimeMs) } = statSync(path, { throwIfNoEntry: false }) ?? {};
      const writtenAt = Math.min(mtimeMs, clock.now());
      const reading = parse(text, writtenAt);
      const fresh = reading.kind === "torn" || clock.now() - writtenAt < FRESH_MS;
      seen = { mark, fresh };
      return reading;
    },
  };
}
