import { lstatSync, rmSync } from "node:fs";
import type { Paths } from "../util/paths.ts";

/** What a daemon stands on and can lose while it runs. */
export type LostGround = "home" | "socket" | "database";

/** Tells that the home, the socket or the database has gone, or is another one by now. */
export interface GroundWatch {
  /** Resolves with the first loss. */
  lost: Promise<LostGround>;
  stop(): void;
  /** Files SQLite keeps beside the database. */
  companions: {
    /** Removes those that are still the ones of the call. */
    remove(): void;
  };
}

const CHECK_MS = 1000;

/**
 * Looks every second whether `home`, `socketPath` and `databasePath` are still the files they were at the call.
 *
 * Sockets vanish from temporary directories by age and from a runtime directory at a logout; nobody can connect then, and
 * nothing else tells the daemon.
 */
export function watchGround(paths: Pick<Paths, "home" | "socketPath" | "databasePath">): GroundWatch {
  const { home, socketPath, databasePath } = paths;
  const before = { home: inodeOf(home), socket: inodeOf(socketPath), database: inodeOf(databasePath) };
  const companions = [`${databasePath}-wal`, `${databasePath}-shm`].map((path) => ({
    path,
    inode: inodeOf(path),
  }));
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<LostGround>((resolve) => {
    timer = setInterval(() => {
      if (inodeOf(home) !== before.home) resolve("home");
      else if (inodeOf(databasePath) !== before.database) resolve("database");
      else if (inodeOf(socketPath) !== before.socket) resolve("socket");
    }, CHECK_MS);
  });
  return {
    lost,
    stop: () => clearInterval(timer),
    companions: {
      remove() {
        for (const { path, inode } of companions)
          if (inode !== undefined && inodeOf(path) === inode) rmSync(path);
      },
    },
  };
}

/** Undefined when there is no such file. A look that fails for another reason tells nothing new of a running daemon. */
function inodeOf(path: string): bigint | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
