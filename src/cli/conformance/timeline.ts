import { watchSessions } from "../../client/watch.ts";
import type { Status } from "../../core/session.ts";
import type { AoClient, SessionInfo } from "../client-types.ts";

/** A state to look for. */
interface Wanted {
  /** Looks only at states from this one on. */
  mark: number;
  timeoutMs: number;
  matches(session: SessionInfo): boolean;
}

/** Every status a session has had since the timeline began, however short. */
export interface Timeline {
  /** How many states there were so far; a wait that takes it looks only at what came after. */
  mark(): number;
  /** Resolves with the first session state after `mark` that `matches`; undefined when none came in time. */
  find(wanted: Wanted): Promise<SessionInfo | undefined>;
  /** The same; throws TimelineError when none came in time. */
  waitFor(wanted: Wanted & { what: string }): Promise<SessionInfo>;
  /** Statuses after `mark`, each once for as long as it stood. */
  since(mark: number): Status[];
  close(): Promise<void>;
}

/** What was waited for did not come. */
export class TimelineError extends Error {}

/** Follows one session. */
export function followSession(client: AoClient, sessionId: string): Timeline {
  const stop = new AbortController();
  const seen: SessionInfo[] = [];
  let wake: () => void = () => {};
  let failure: unknown;
  const watching = (async () => {
    for await (const update of watchSessions(client.sessions, {}, stop.signal)) {
      if (update.type !== "snapshot" && update.type !== "changed") continue;
      if (update.session.id !== sessionId) continue;
      seen.push(update.session);
      wake();
    }
  })().catch((error: unknown) => {
    if (stop.signal.aborted) return;
    failure = error;
    wake();
  });

  const since = (mark: number) => {
    const statuses = seen.slice(mark).flatMap(({ status }) => status ?? []);
    return statuses.filter((status, index) => status !== statuses[index - 1]);
  };
  const find = async ({ mark, timeoutMs, matches }: Wanted) => {
    const deadline = Date.now() + timeoutMs;
    for (let next = Math.max(0, mark); ; ) {
      for (; next < seen.length; next++) {
        const session = seen[next] as SessionInfo;
        if (matches(session)) return session;
      }
      if (failure !== undefined) throw failure;
      const left = deadline - Date.now();
      if (left <= 0) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  return {
    mark: () => seen.length,
    since,
    find,
    async waitFor({ what, ...wanted }) {
      const found = await find(wanted);
      if (found) return found;
      const path = since(wanted.mark).join(" → ") || "no change";
      throw new TimelineError(`never ${what} (${path}; ${seen.at(-1)?.statusReason ?? "no word"})`);
    },
    async close() {
      stop.abort();
      await watching;
    },
  };
}
