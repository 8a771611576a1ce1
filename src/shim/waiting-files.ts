import { compareSpoolFiles, type SpoolFile } from "./spool-file.ts";

/** Files that wait to be sent, oldest first. Costs a name each, never a payload. */
export interface WaitingFiles {
  readonly size: number;
  has(name: string): boolean;
  /** Puts the file in its place; does nothing when it already waits. */
  add(file: SpoolFile): void;
  /** Visits files oldest first until `visit` says stop; `take` removes the file, `leave` keeps it. */
  visit(visit: (file: SpoolFile) => "take" | "leave" | "stop"): void;
}

/**
 * How far a birth may lie ahead of the clock: one from further ahead is from before the clock was set back, and so older
 * than all that is born since.
 */
const AHEAD_NS = 1_000_000_000n;

/** `now` is the clock that stamps files, in epoch ms. */
export function createWaitingFiles(now: () => number): WaitingFiles {
  const names = new Set<string>();
  let files: SpoolFile[] = [];
  // A rescan brings thousands at once: they are sorted in one go, before the next look at them.
  let unsorted = false;
  return {
    get size() {
      return names.size;
    },
    has: (name) => names.has(name),
    add(file) {
      if (names.has(file.name)) return;
      names.add(file.name);
      const last = files.at(-1);
      if (last && compareSpoolFiles(last, file) > 0) unsorted = true;
      files.push(file);
    },
    visit(visit) {
      if (unsorted) files = inOrder(files, BigInt(Math.floor(now())) * 1_000_000n + AHEAD_NS);
      unsorted = false;
      const left: SpoolFile[] = [];
      let at = 0;
      for (let verdict = ""; at < files.length; at++) {
        const file = files[at] as SpoolFile;
        verdict = visit(file);
        if (verdict === "stop") break;
        if (verdict === "take") names.delete(file.name);
        else left.push(file);
      }
      if (at > left.length) files = [...left, ...files.slice(at)];
    },
  };
}

function inOrder(files: readonly SpoolFile[], limitNs: bigint): SpoolFile[] {
  const isAhead = (file: SpoolFile) => file.birthNs > limitNs;
  const before = files.filter(isAhead).sort(compareSpoolFiles);
  const since = files.filter((file) => !isAhead(file)).sort(compareSpoolFiles);
  return [...before, ...since];
}
