import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LAUNCH_MANIFEST, type LaunchManifest } from "../core/launch-manifest.ts";
import type { Clock } from "../core/ports/clock.ts";
import { isAbsent } from "../util/absent.ts";
import type { Log } from "../util/log.ts";

/** Finds the manifest of a launch by its id. */
export interface LaunchManifests {
  /** Undefined while there is none: the launch was removed, or belongs to another ao. */
  find(launchId: string): LaunchManifest | undefined;
  /** Private directory of the launch. */
  dirOf(manifest: LaunchManifest): string;
  /** Sessions and launches that have a directory. */
  directories(): { sessionId: string; launchId: string; dir: string }[];
}

const KEPT = 2000;
/** A launch nobody knows is looked for again only after this, so that strangers' files do not cost a search each. */
const MISS_MS = 2000;

/**
 * Reads manifests below `sessionsDir` (`<session>/<launch>/launch.json`) and remembers the last 2000.
 *
 * A spooled file names only its launch, so the search asks every session's directory; a session not seen before, the
 * likely one, is asked first.
 */
export function createLaunchManifests(options: {
  sessionsDir: string;
  clock: Clock;
  log: Log;
}): LaunchManifests {
  const { sessionsDir, clock, log } = options;
  const found = new Map<string, LaunchManifest>();
  const missed = new Map<string, number>();
  const seenSessions = new Set<string>();

  const search = (launchId: string): LaunchManifest | undefined => {
    const sessions = listDir(sessionsDir).filter((name) => !name.startsWith("."));
    const unseen = sessions.filter((name) => !seenSessions.has(name));
    const seen = sessions.filter((name) => seenSessions.has(name));
    for (const session of unseen) seenSessions.add(session);
    for (const session of [...unseen, ...seen]) {
      const manifest = readManifest(join(sessionsDir, session, launchId, LAUNCH_MANIFEST), log);
      if (manifest?.launchId === launchId) return manifest;
    }
    return undefined;
  };

  return {
    find(launchId) {
      const known = found.get(launchId);
      if (known) return known;
      const missedAt = missed.get(launchId);
      if (missedAt !== undefined && clock.monotonic() - missedAt < MISS_MS) return undefined;
      const manifest = search(launchId);
      if (manifest) remember(found, launchId, manifest);
      else remember(missed, launchId, clock.monotonic());
      return manifest;
    },
    dirOf: (manifest) => join(sessionsDir, manifest.sessionId, manifest.launchId),
    directories: () =>
      listDir(sessionsDir).flatMap((sessionId) =>
        listDir(join(sessionsDir, sessionId)).map((launchId) => ({
          sessionId,
          launchId,
          dir: join(sessionsDir, sessionId, launchId),
        })),
      ),
  };
}

/** Keeps the newest entries of a map; what falls out is found again on disk. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > KEPT) map.delete(map.keys().next().value as string);
}

function listDir(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function readManifest(path: string, log: Log): LaunchManifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    if (isManifest(manifest)) return manifest;
    log.error({ path }, "a launch's manifest lacks a field; its signals go without a harness");
  } catch (error) {
    if (!isAbsent(error)) log.error({ err: error, path }, "a launch's manifest cannot be read");
  }
  return undefined;
}

function isManifest(value: unknown): value is LaunchManifest {
  if (typeof value !== "object" || value === null) return false;
  const { launchId, sessionId, harness, workspacePath, witness } = value as Partial<LaunchManifest>;
  return (
    [launchId, sessionId, harness, workspacePath].every((field) => typeof field === "string") &&
    typeof witness === "object" &&
    witness !== null
  );
}
