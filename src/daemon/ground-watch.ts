import { lstatSync } from "node:fs";

/** What a daemon stands on and can lose while it runs. */
export type LostGround = "home" | "socket";

/** Tells that the home or the socket has gone, or is another one by now. */
export interface GroundWatch {
  /** Resolves with the first loss. */
  lost: Promise<LostGround>;
  stop(): void;
}

const CHECK_MS = 1000;

/**
 * Looks every second whether `home` and `socketPath` are still the files they were at the call.
 *
 * Sockets vanish from temporary directories by age and from a runtime directory at a logout; nobody can connect then, and
 * nothing else tells the daemon.
 */
export function watchGround({ home, socketPath }: { home: string; socketPath: string }): GroundWatch {
  const before = { home: inodeOf(home), socket: inodeOf(socketPath) };
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<LostGround>((resolve) => {
    timer = setInterval(() => {
      if (inodeOf(home) !== before.home) resolve("home");
      else if (inodeOf(socketPath) !== before.socket) resolve("socket");
    }, CHECK_MS);
  });
  return { lost, stop: () => clearInterval(timer) };
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
