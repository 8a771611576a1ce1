import type { Session } from "../core/session.ts";
import type { SessionBook } from "./book/session-book.ts";

/** Waits until `match` is true of the session; undefined when the time is up, `signal` aborts or the session is removed. */
export async function waitForSession(
  book: Pick<SessionBook, "get" | "committed">,
  sessionId: string,
  match: (session: Session) => boolean,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Session | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const session = await book.get(sessionId);
    if (!session || match(session)) return session;
    const left = deadline - performance.now();
    if (left <= 0 || options.signal.aborted) return undefined;
    // The cap covers statuses that time alone changes.
    await book.committed.wait(Math.min(left, 1000), options.signal);
  }
}
