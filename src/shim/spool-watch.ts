import { type BigIntStats, type FSWatcher, mkdirSync, readdirSync, statSync, watch } from "node:fs";
import type { Log } from "../util/log.ts";

const RESCAN_MS = 1000;
/** File systems stamp with a clock that ticks every few ms: only a change clearly older than the last look was in it. */
const STAMP_SLACK_NS = 100_000_000n;

/** Keeps an eye on a directory that may vanish. */
export interface SpoolWatch {
  /** Looks at the whole directory now, whether or not it seems to have changed. */
  rescan(): void;
  close(): void;
}

/**
 * Tells every name that appears or changes in `dir`, some of them more than once, in the order they do. At the start, and
 * whenever the watch may have missed something, `onRescan` gets a way to read all names, as often as it likes.
 *
 * The watch is quick, the rescan every second is sure: inotify and FSEvents both can drop. A rescan of a directory that
 * has not changed is one `stat`. A directory that is gone is made again, unless its parent is gone too.
 */
export function watchSpool(options: {
  dir: string;
  onName: (name: string) => void;
  onRescan: (readNames: () => readonly string[]) => void;
  log: Log;
}): SpoolWatch {
  const { dir, onName, onRescan, log } = options;
  let watcher: FSWatcher | undefined;
  let watched: bigint | undefined;
  /** The directory's last change as the last rescan saw it; absent when that was too fresh to be the last for sure. */
  let settledNs: bigint | undefined;
  let problem: string | undefined;
  /** Why the last try to watch was refused. */
  let unwatchable: string | undefined;

  const unwatch = () => {
    watcher?.close();
    watcher = undefined;
    watched = undefined;
  };
  /** The system may refuse: its limits on watches are shared by all programs. The rescan does not need one. */
  const rewatch = (inode: bigint) => {
    unwatch();
    try {
      watcher = watch(dir, { persistent: false }, (_type, name) => (name ? onName(name) : scan(true)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EMFILE" && code !== "ENOSPC" && code !== "ENFILE") throw error;
      if (code !== unwatchable) log.warn({ code }, "the spool cannot be watched; looking at it every second");
      unwatchable = code;
      return;
    }
    if (unwatchable) log.info({}, "the spool can be watched again");
    unwatchable = undefined;
    watcher.on("error", (error) => {
      log.warn({ err: error }, "the watch on the spool broke; looking again every second");
      unwatch();
    });
    watched = inode;
  };
  const scan = (force: boolean) => {
    try {
      const stat = statOrMake(dir);
      const fresh = stat.ino !== watched;
      if (fresh) rewatch(stat.ino);
      if (!fresh && !force && stat.mtimeNs === settledNs) return;
      const nowNs = BigInt(Date.now()) * 1_000_000n;
      settledNs = isApart(stat.mtimeNs, nowNs) ? stat.mtimeNs : undefined;
      onRescan(() => readdirSync(dir));
      if (problem) log.info({}, "the spool can be read again");
      problem = undefined;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      unwatch();
      if (code !== problem) log.error({ code, problem: message }, "the spool cannot be read; trying on");
      problem = code;
    }
  };

  scan(true);
  const timer = setInterval(() => scan(false), RESCAN_MS);
  return {
    rescan: () => scan(true),
    close() {
      clearInterval(timer);
      unwatch();
    },
  };
}

/** The wall clock may have been set back since: a stamp from the future is as settled as an old one. */
function isApart(stampNs: bigint, nowNs: bigint): boolean {
  return stampNs < nowNs - STAMP_SLACK_NS || stampNs > nowNs + STAMP_SLACK_NS;
}

function statOrMake(dir: string): BigIntStats {
  const found = statSync(dir, { bigint: true, throwIfNoEntry: false });
  if (found) return found;
  mkdirSync(dir, { mode: 0o700 });
  return statSync(dir, { bigint: true });
}
