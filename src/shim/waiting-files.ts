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

export function createWaitingFiles(): WaitingFiles {
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
      if (unsorted) files.sort(compareSpoolFiles);
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
