import { watchSessions } from "../../client/watch.ts";
import type { Status } from "../../core/session.ts";
import type { AoClient, SessionInfo } from "../client-types.ts";

/** Every status a session has had since the timeline began, however short. */
export interface Timeline {
  /** How many there were so far; `waitFor` takes it to look only at what came after. */
  mark(): number;
  /** Resolves with the first session state after `mark` that `matches`; throws TimelineError when none came in time. */
  waitFor(wait: {
    mark: number;
    what: string;
    timeoutMs: number;
    matches(session: SessionInfo): boolean;
  }): Promise<SessionInfo>;
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
  return {
    mark: () => seen.length,
    since,
    async waitFor({ mark, what, timeoutMs, matches }) {
      const deadline = Date.now() + timeoutMs;
      for (let next = mark; ; ) {
        for (; next < seen.length; next++) {
          const session = seen[next] as SessionInfo;
          if (matches(session)) return session;
        }
        if (failure !== undefined) throw failure;
        const left = deadline - Date.now();
        const last = seen.at(-1);
        if (left <= 0) {
          const path = since(mark).join(" → ") || "no change";
          throw new TimelineError(`never ${what} (${path}; ${last?.statusReason ?? "no word"})`);
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    async close() {
      stop.abort();
      await watching;
    },
  };
}
