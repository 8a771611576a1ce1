import type { Session } from "../../core/session.ts";
import type { WatchDeps } from "../deps.ts";
import { withPatience } from "./with-patience.ts";

/** Looks at terminals that are under way: at each session once at a time. */
export interface Looks {
  isUnderWay(session: Session): boolean;
  /** Begins them; resolves when all are over, at the latest after 250 ms: a terminal that hangs holds up nobody. */
  begin(sessions: readonly Session[]): Promise<void>;
}

/** Creates the looks of one watch; one that fails is logged with `failure`. */
export function createLooks(
  deps: Pick<WatchDeps, "clock" | "log">,
  watch: { look(session: Session): Promise<void>; failure: string },
): Looks {
  const underWay = new Set<string>();

  const lookAt = async (session: Session): Promise<void> => {
    underWay.add(session.id);
    try {
      await watch.look(session);
    } catch (error) {
      deps.log.warn({ sessionId: session.id, err: error }, watch.failure);
    } finally {
      underWay.delete(session.id);
    }
  };
  return {
    isUnderWay: (session) => underWay.has(session.id),
    async begin(sessions) {
      if (sessions.length > 0) await withPatience(deps.clock, Promise.all(sessions.map(lookAt)));
    },
  };
}
