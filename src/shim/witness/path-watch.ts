import { type FSWatcher, statSync, watch } from "node:fs";
import type { Log } from "../../util/log.ts";

/** One change watch on a path that may not exist yet, may vanish, may be replaced. */
export interface PathWatch {
  /** Watches what stands at `path` now; cheap when it is watched already. Call it before each look. True while it watches. */
  follow(path: string): boolean;
  close(): void;
}

/**
 * Creates a watch that calls `onChange` with the name of the file that changed, undefined when the system does not
 * say. Events can be lost: a poll beside it is the caller's duty. Never keeps the process alive.
 */
export function createPathWatch(onChange: (name: string | undefined) => void, log: Log): PathWatch {
  let current: { path: string; identity: string; watcher: FSWatcher } | undefined;
  let closed = false;

  function drop(): void {
    current?.watcher.close();
    current = undefined;
  }

  function open(path: string, identity: string): void {
    const watcher = watch(path, { persistent: false }, (_, name) => onChange(name ?? undefined));
    watcher.on("error", (err) => {
      log.debug({ err, path }, "a watch ended; polling goes on");
      if (current?.watcher === watcher) drop();
    });
    current = { path, identity, watcher };
  }

  return {
    follow(path) {
      const identity = identityOf(path);
      if (closed) return false;
      if (current && current.path === path && current.identity === identity) return true;
      drop();
      if (identity === undefined) return false;
      try {
        open(path, identity);
      } catch (err) {
        // Gone again, or no watch left to have (ENOSPC, EMFILE): the poll sees changes all the same.
        log.debug({ err, path }, "could not watch; polling goes on");
      }
      return current !== undefined;
    },
    close() {
      closed = true;
      drop();
    },
  };
}

/** What stands at `path`, undefined for nothing: file systems give a freed inode number to the next file. */
function identityOf(path: string): string | undefined {
  // Synchronous: every launch asks once a second, and a trip to the thread pool costs ten times the call.
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.ino} ${found.birthtimeNs}`;
}
