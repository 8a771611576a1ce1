import type { Clock } from "../core/ports/clock.ts";
import type { Harnesses } from "../core/ports/harnesses.ts";
import type { OwnHarnesses } from "../core/ports/own-harnesses.ts";
import type { ProcessTable, Runtime } from "../core/ports/runtime.ts";
import type { Store } from "../core/ports/store.ts";
import type { Workspaces } from "../core/ports/workspaces.ts";
import type { RuntimeKind } from "../core/session.ts";
import type { FailPoint } from "../util/fail-point.ts";
import type { KeyedMutex } from "../util/keyed-mutex.ts";
import type { Log } from "../util/log.ts";
import type { SessionBook } from "./book/session-book.ts";

/** Everything the lifecycle works with, passed in by the daemon. */
export interface LifecycleDeps {
  store: Store;
  book: SessionBook;
  clock: Clock;
  log: Log;
  harnesses: Harnesses;
  ownHarnesses: OwnHarnesses;
  runtimes: Readonly<Record<RuntimeKind, Runtime>>;
  processes: ProcessTable;
  workspaces: Workspaces;
  paths: LifecyclePaths;
  /** One decision at a time per project or session; keys name which. */
  rowLocks: KeyedMutex;
  /** Launches that this daemon is starting: rows that say "starting" and are not in it were left by another. */
  underway: Set<string>;
  /** None unless told. */
  failPoint?: FailPoint;
  /** Environment given to agents when the caller sends none. */
  daemonEnv: Readonly<Record<string, string>>;
  /** The user's umask, for agents; undefined leaves them the daemon's. */
  umask?: number;
}

/** The part of it that watches of terminals work with; a replay of a recording brings its own. */
export interface WatchDeps extends Pick<LifecycleDeps, "clock" | "log" | "harnesses"> {
  book: Pick<SessionBook, "live" | "get" | "report">;
  runtimes: Readonly<Record<RuntimeKind, Pick<Runtime, "handleFor" | "capture">>>;
  processes: Pick<ProcessTable, "hearTerminal">;
  paths: Pick<LifecyclePaths, "sessionsDir">;
}

/** Absolute paths. */
export interface LifecyclePaths {
  home: string;
  sessionsDir: string;
  worktreesDir: string;
  spoolDir: string;
  socketPath: string;
  /** `bin/ao-hook`. */
  hookCommand: string;
}
