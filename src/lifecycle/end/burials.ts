import type { Change } from "../../core/ports/store.ts";
import type { Session } from "../../core/session.ts";
import { eachOf } from "../../util/each-of.ts";
import type { LifecycleDeps } from "../deps.ts";
import type { Undertaker } from "./undertaker.ts";

/** Follows the change log: an ended launch's last screen is kept and its terminal ended. */
export interface Burials {
  /**
   * Puts away all that ended since the round before, until `signal` aborts. What a round that failed did not do, the next
   * one does.
   */
  round(signal: AbortSignal): Promise<void>;
}

/** Changes of the daemon before that are looked through: it may have been killed between an end and the burial. */
const LOOK_BACK = 500;
const PAGE = 256;
/** Each asks a tmux server twice; one that hangs takes seconds to give up and must not keep the others. */
const TOGETHER = 8;

export function createBurials(deps: Pick<LifecycleDeps, "book">, undertaker: Undertaker): Burials {
  const { book } = deps;
  const { head: startedAt, oldest } = book.revisions();
  let head = Math.max(startedAt - LOOK_BACK, oldest - 1, 0);

  /** Of the daemon before each session as it is now: it may have been restored since. */
  const sessionsOf = async (changes: readonly Change[]): Promise<Session[]> => {
    const earlier = changes.filter(({ revision }) => revision <= startedAt);
    const ids = new Set(earlier.map(({ sessionId }) => sessionId));
    const present = await Promise.all([...ids].map((id) => book.get(id)));
    const later = changes.slice(earlier.length).map(({ session }) => session);
    return [...present, ...later].filter((session) => session !== undefined);
  };
  return {
    async round(signal) {
      while (!signal.aborted) {
        const changes = await book.changesAfter(head, PAGE);
        const last = changes.at(-1);
        if (last === undefined) return;
        await eachOf(await sessionsOf(changes), TOGETHER, async (session) => {
          if (!signal.aborted) await undertaker.bury(session);
        });
        head = last.revision;
      }
    },
  };
}
