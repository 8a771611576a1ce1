import type { AoClient } from "../../src/client/client.ts";
import { AoError } from "../../src/core/errors.ts";
import type { Status } from "../../src/core/session.ts";
import type { SessionInfo } from "../../src/wire/session-info.ts";
import { eventually } from "../support/eventually.ts";

/** What a watch from revision 0 told of every session: what a person sees, flicker and all. */
export interface Timeline {
  /** Statuses of a session in order, each once for as long as it stood. */
  of(sessionId: string): readonly Status[];
  /**
   * Waits until a session's statuses are exactly `expected`; fails at once when they became something else, and when
   * they have not come true after `withinMs`.
   */
  follow(sessionId: string, expected: readonly Status[], withinMs: number): Promise<SessionInfo>;
  close(): Promise<void>;
}

/** Begins to watch. */
export function startTimeline(client: AoClient): Timeline {
  const stop = new AbortController();
  const told = new Map<string, { statuses: Status[]; latest: SessionInfo }>();
  const watching = watch();

  async function watch(): Promise<void> {
    try {
      for await (const update of client.sessions.watch({ afterRevision: 0 }, stop.signal)) {
        if (update.type === "changed") note(update.session);
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  }

  function note(session: SessionInfo): void {
    const { id, status = "unverified" } = session;
    const story = told.get(id) ?? { statuses: [], latest: session };
    if (story.statuses.at(-1) !== status) story.statuses.push(status);
    told.set(id, { ...story, latest: session });
  }

  const of = (sessionId: string) => told.get(sessionId)?.statuses ?? [];
  return {
    of,
    async follow(sessionId, expected, withinMs) {
      const verdict = () => {
        const seen = of(sessionId);
        if (seen.some((status, index) => status !== expected[index])) return "strayed" as const;
        return seen.length === expected.length && ("arrived" as const);
      };
      const outcome = await Promise.race([
        eventually(verdict, { timeoutMs: withinMs, what: `"${expected.join(" → ")}"` }),
        // Never resolves: a watch that ends before it is told to has failed.
        watching.then(() => Promise.reject(new Error("the watch ended"))),
      ]);
      const latest = told.get(sessionId)?.latest;
      if (outcome === "strayed" || !latest)
        throw new Error(`${sessionId} became ${of(sessionId).join(" → ")}, not ${expected.join(" → ")}`);
      return latest;
    },
    async close() {
      stop.abort();
      // Of a daemon that was killed meanwhile the watch is over already.
      await watching.catch((error: unknown) => {
        if (!(error instanceof AoError)) throw error;
      });
    },
  };
}
