import type { Change, Store } from "../core/ports/store.ts";
import type { Session } from "../core/session.ts";
import type { FailPoint } from "../util/fail-point.ts";
import type { Database } from "./database.ts";
import { ChangeEntity } from "./entities/change-entity.ts";
import { LaunchEntity } from "./entities/launch-entity.ts";
import { SessionEntity } from "./entities/session-entity.ts";
import { SignalEntity } from "./entities/signal-entity.ts";
import { prepareInsert, prepareUpsert } from "./prepare-write.ts";
import { toChangeRow } from "./rows/change-row.ts";
import { createFactsWriter } from "./rows/facts-json.ts";
import { toLaunchRow } from "./rows/launch-row.ts";
import { toSessionRow } from "./rows/session-row.ts";
import { toSignalRow } from "./rows/signal-row.ts";

/** The place of a new session in the order of creation. */
const NEXT_ORDER = "(select coalesce(max(create_order), 0) + 1 from session)";

/** The one way in for signals, sessions, launches and changes; runs from begin to end without giving way. */
export function committer(database: Database, failPoint: FailPoint): Pick<Store, "commit"> {
  const addSignal = prepareInsert(database, SignalEntity, "logId");
  const saveSession = prepareUpsert(database, SessionEntity, { property: "createOrder", sql: NEXT_ORDER });
  const saveLaunch = prepareUpsert(database, LaunchEntity);
  // Launches go with their session; its signals stay until compaction.
  const removeSession = database.native.prepare("delete from session where id = ?");
  const addChanges = changeWriter(database);
  const toJson = createFactsWriter();
  return {
    commit: ({ signals = [], sessions = [], launches = [], removedSessionIds = [], changes = [] }) =>
      database.write(() => {
        const logIds = signals.map((logged) => addSignal(toSignalRow(logged)));
        if (signals.length > 0) failPoint("daemon:in-commit");
        for (const session of newestOfEach(sessions)) saveSession(toSessionRow(session, toJson));
        for (const launch of launches) saveLaunch(toLaunchRow(launch));
        for (const id of removedSessionIds) removeSession.run(id);
        addChanges(changes);
        return logIds;
      }),
  };
}

/** Appends changes; a revision that does not follow the newest is a bug of the caller, and nothing is committed. */
function changeWriter(database: Database) {
  const addChange = prepareInsert(database, ChangeEntity);
  const selectHead = database.native.prepare<{ head: number | null }>(
    "select max(revision) as head from change",
  );
  return (changes: readonly Change[]): void => {
    if (changes.length === 0) return;
    let head = selectHead.get()?.head ?? 0;
    for (const change of changes) {
      head += 1;
      if (change.revision !== head)
        throw new Error(`revision ${change.revision} was committed where ${head} is next`);
      addChange(toChangeRow(change));
    }
  };
}

function newestOfEach(sessions: readonly Session[]): Iterable<Session> {
  return new Map(sessions.map((session) => [session.id, session])).values();
}
