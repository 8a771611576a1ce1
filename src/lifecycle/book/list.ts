import { setImmediate as nextTurn } from "node:timers/promises";
import type { Page, Store } from "../../core/ports/store.ts";
import type { Status } from "../../core/session.ts";
import type { SessionView } from "../api.ts";
import type { MakeView } from "../views.ts";
import type { SessionBook } from "./session-book.ts";

export interface ListOptions {
  projectId?: string;
  statuses: readonly Status[];
  limit: number;
  after?: string;
}

/** A page of sessions, newest first. Statuses are derived when read, so their filter is applied here, not in SQL. */
export async function listSessions(
  deps: { store: Store; book: SessionBook; view: MakeView },
  options: ListOptions,
): Promise<Page<SessionView> & { revision: number; epoch: string }> {
  const { head: revision, epoch } = deps.book.revisions();
  const wanted = new Set(options.statuses);
  const rows: SessionView[] = [];
  let after = options.after;
  do {
    const limit = options.limit - rows.length;
    const page = await deps.store.listSessions({ limit, after, projectId: options.projectId });
    const views = page.rows.map((session) => deps.view(session));
    rows.push(...views.filter((view) => wanted.size === 0 || wanted.has(view.status)));
    after = page.next;
    // A rare status is looked for in all sessions: others get their turn meanwhile.
    if (after && rows.length < options.limit) await nextTurn();
  } while (after && rows.length < options.limit);
  return { rows, next: after, revision, epoch };
}
