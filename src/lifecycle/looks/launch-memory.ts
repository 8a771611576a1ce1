import type { Session } from "../../core/session.ts";

/** What a watch keeps of one launch. */
interface OfLaunch {
  launchId: string;
  /** Ends the listening to its terminal; undefined where that cannot be heard. */
  unhear?: () => void;
}

/** What a watch keeps of each session's present launch; nothing is kept of an earlier one. */
export interface LaunchMemory<T extends OfLaunch> {
  /** Begun where nothing is known of the session's launch. */
  of(session: Session): T;
  /** Forgets all sessions but these. */
  keepOnly(sessions: readonly Session[]): void;
}

/** Creates an empty memory; `begin` makes what is kept of a launch. */
export function createLaunchMemory<T extends OfLaunch>(begin: (session: Session) => T): LaunchMemory<T> {
  const all = new Map<string, T>();
  const forget = (id: string) => {
    all.get(id)?.unhear?.();
    all.delete(id);
  };
  return {
    of(session) {
      const known = all.get(session.id);
      if (known?.launchId === session.facts.launchId) return known;
      forget(session.id);
      const begun = begin(session);
      all.set(session.id, begun);
      return begun;
    },
    keepOnly(sessions) {
      const ids = new Set(sessions.map(({ id }) => id));
      for (const id of [...all.keys()]) if (!ids.has(id)) forget(id);
    },
  };
}
