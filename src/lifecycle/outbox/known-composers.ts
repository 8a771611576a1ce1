import type { Session } from "../../core/session.ts";

/**
 * Launches whose composer was read: there the pattern is right about the agent's version, and a composer that is not to
 * be seen is covered by something.
 */
export interface KnownComposers {
  note(session: Session): void;
  has(session: Session): boolean;
}

export function createKnownComposers(): KnownComposers {
  /** The newest such launch of a session. */
  const launches = new Map<string, string>();
  return {
    note: ({ id, facts }) => void launches.set(id, facts.launchId),
    has: ({ id, facts }) => launches.get(id) === facts.launchId,
  };
}
