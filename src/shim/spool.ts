import { lstatSync, mkdirSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { REJECTED_DIR } from "../core/launch-manifest.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../util/log.ts";
import { readPayload } from "./read-payload.ts";
import { compareSpoolFiles, parseSpoolName, type SpoolFile } from "./spool-file.ts";
import { watchSpool } from "./spool-watch.ts";
import { createWaitingFiles } from "./waiting-files.ts";

/** A file with its payload. */
export interface SpooledPayload {
  file: SpoolFile;
  text: string;
}

/** The spool as a queue: files are taken oldest first and stay on disk until they are released. */
export interface Spool {
  /** Files not taken yet. */
  readonly waiting: number;
  /** Takes up to `files` files, and no further file once their payloads reach `bytes`. */
  take(limit: { files: number; bytes: number }): SpooledPayload[];
  /** Deletes a file that was taken. */
  release(name: string): void;
  close(): void;
}

/** How long a file that is being written keeps back younger ones of its launch: hooks that start together end together. */
const HOLD_MS = 100;

/**
 * Opens the spool in `dir`. `onReady` tells that a `take` may find something; it may be told in vain.
 *
 * Everything here is synchronous: a local file costs 30 µs this way and 300 µs through the thread pool.
 */
export function createSpool(options: { dir: string; clock: Clock; log: Log; onReady: () => void }): Spool {
  const { dir, clock, log, onReady } = options;
  const waiting = createWaitingFiles(clock.now);
  /** Taken and not released, or released and not deletable: still in the directory, not to be sent again. */
  const taken = new Set<string>();
  const released = new Set<string>();
  /** Off-grammar names that could not be put aside, so that each is told once. */
  const ignored = new Set<string>();
  let cancelRetry: (() => void) | undefined;
  let retryMs = 1;
  let shortOf: string | undefined;

  /** Told once, and once when it is over. */
  function noteShortage(code: string | undefined): void {
    if (code === shortOf) return;
    shortOf = code;
    if (code === undefined) log.info({}, "spooled files can be read again");
    else
      log.error({ code }, "spooled files cannot be read for want of something; trying on, nothing is lost");
  }

  function notice(name: string): void {
    if (!waiting.has(name)) {
      const file = newFile(name);
      if (!file) return;
      waiting.add(file);
      retryMs = 1;
    }
    onReady();
  }

  /**
   * A directory read while files are made may show a younger file and miss an older one. The older one stands in a
   * second reading, which begins after the younger was made; what is younger than all of the first comes by the watch.
   */
  function rescan(readNames: () => readonly string[]): void {
    const names = readNames();
    const files = names.flatMap((name) => (waiting.has(name) ? [] : (newFile(name) ?? [])));
    if (files.length > 0) {
      const youngest = files.reduce((a, b) => (compareSpoolFiles(a, b) < 0 ? b : a));
      const first = new Set(names);
      const others = readNames().flatMap((name) =>
        first.has(name) || waiting.has(name) ? [] : (newFile(name) ?? []),
      );
      const missed = others.filter((file) => compareSpoolFiles(file, youngest) < 0);
      for (const file of [...files, ...missed]) waiting.add(file);
      retryMs = 1;
    }
    if (waiting.size > 0) onReady();
  }

  /** The file behind a name that is neither taken nor delivered; puts aside what is no signal. */
  function newFile(name: string): SpoolFile | undefined {
    // Names with a dot in front are still being written, by contract.
    if (name.startsWith(".") || taken.has(name) || ignored.has(name)) return undefined;
    if (released.has(name)) {
      unlink(name);
      return undefined;
    }
    const stat = lstatSync(join(dir, name), { bigint: true, throwIfNoEntry: false });
    if (!stat) return undefined;
    const parsed = parseSpoolName(name);
    if (parsed && stat.isFile())
      return { ...parsed, birthNs: stat.birthtimeNs > 0n ? stat.birthtimeNs : stat.mtimeNs };
    putAside(name, parsed ? "not a regular file" : "not a name of the spool");
    return undefined;
  }

  function putAside(name: string, problem: string): void {
    try {
      mkdirSync(join(dir, REJECTED_DIR), { recursive: true, mode: 0o700 });
      renameSync(join(dir, name), join(dir, REJECTED_DIR, name));
      log.warn({ file: name, problem, movedTo: REJECTED_DIR }, "put aside a file that is no signal");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code === "ENOENT") return;
      ignored.add(name);
      log.error({ file: name, problem, code }, "a file that is no signal cannot be put aside; ignoring it");
    }
  }

  function unlink(name: string): void {
    try {
      unlinkSync(join(dir, name));
      released.delete(name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code === "ENOENT") released.delete(name);
      else if (!released.has(name)) {
        released.add(name);
        log.error({ file: name, code }, "a delivered file cannot be deleted; trying again");
      }
    }
  }

  /** Nothing tells that a writer has ended: looks again soon, then less and less often. */
  function retryLater(): void {
    cancelRetry ??= clock.after(retryMs, () => {
      cancelRetry = undefined;
      onReady();
    });
    retryMs = Math.min(retryMs * 2, 250);
  }

  const watcher = watchSpool({ dir, onName: notice, onRescan: rescan, log });
  return {
    get waiting() {
      return waiting.size;
    },
    take(limit) {
      const found: SpooledPayload[] = [];
      const held = new Set<string>();
      let bytes = 0;
      let unfinished = false;
      waiting.visit((file) => {
        if (found.length >= limit.files || bytes >= limit.bytes) return "stop";
        if (held.has(file.launchId)) return "leave";
        const reading = readPayload(join(dir, file.name), { writerPid: file.pid, now: clock.now() });
        switch (reading.state) {
          case "unfinished":
            unfinished = true;
            if (reading.shortOf) noteShortage(reading.shortOf);
            // The hook of a payload that is not JSON may have ended before the next one began.
            if (!reading.writing || clock.now() - Number(file.birthNs / 1_000_000n) < HOLD_MS)
              held.add(file.launchId);
            return "leave";
          case "gone":
            return "take";
          case "unusable":
            putAside(file.name, reading.problem);
            return "take";
          case "complete":
            noteShortage(undefined);
            bytes += reading.bytes;
            found.push({ file, text: reading.text });
            taken.add(file.name);
            return "take";
        }
      });
      if (unfinished) retryLater();
      return found;
    },
    release(name) {
      taken.delete(name);
      unlink(name);
    },
    close() {
      watcher.close();
      cancelRetry?.();
    },
  };
}
