import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../util/log.ts";
import { createPathWatch, type PathWatch } from "./path-watch.ts";

/** Watches on directories, one for all who wait for files in the same: agents of one user keep theirs together. */
export interface DirectoryWatches {
  /** `onChange` gets the name of the file that changed, undefined when the system does not say. */
  join(dir: string, onChange: (name: string | undefined) => void): DirectoryWatch;
}

/** One who waits for files in a directory that may not exist yet, may vanish, may be replaced. */
export interface DirectoryWatch {
  /** Watches what stands there now; cheap when it is watched already. Call it before each look. */
  follow(): void;
  close(): void;
}

interface Shared {
  watch: PathWatch;
  members: Set<(name: string | undefined) => void>;
  /** When it was last seen to be the directory that is watched, monotonic. */
  seen: number;
}

/**
 * Creates the watches; each ends with the last who waits for it.
 *
 * Whether a directory is still the one that is watched is asked once per `pollMs` and directory, however many wait.
 */
export function createDirectoryWatches(deps: { clock: Clock; log: Log; pollMs: number }): DirectoryWatches {
  const { clock, log, pollMs } = deps;
  const all = new Map<string, Shared>();

  const open = (dir: string): Shared => {
    const members: Shared["members"] = new Set();
    const tell = (name: string | undefined) => {
      for (const onChange of [...members]) onChange(name);
    };
    const shared = { watch: createPathWatch(tell, log), members, seen: Number.NEGATIVE_INFINITY };
    all.set(dir, shared);
    return shared;
  };
  return {
    join(dir, onChange) {
      const shared = all.get(dir) ?? open(dir);
      // Its own function even where one is given twice.
      const member = (name: string | undefined) => onChange(name);
      shared.members.add(member);
      return {
        follow() {
          // Polls of one round come a little apart.
          if (clock.monotonic() - shared.seen < pollMs / 2) return;
          if (shared.watch.follow(dir)) shared.seen = clock.monotonic();
        },
        close() {
          shared.members.delete(member);
          if (shared.members.size > 0 || all.get(dir) !== shared) return;
          shared.watch.close();
          all.delete(dir);
        },
      };
    },
  };
}
