import type { InferEntity } from "@mikro-orm/core";
import type { FilterQuery } from "@mikro-orm/sqlite";
import type { Store } from "../core/ports/store.ts";
import type { Database } from "./database.ts";
import { ChangeEntity } from "./entities/change-entity.ts";
import { SignalEntity } from "./entities/signal-entity.ts";
import { fromChangeRow } from "./rows/change-row.ts";
import { fromSignalRow } from "./rows/signal-row.ts";

/** Reads of the signal log and the change log; `commit` appends to them. */
export function logRows(
  database: Database,
): Pick<Store, "knownSignalIds" | "listSignals" | "revisions" | "listChanges"> {
  const { native } = database;
  // Below the ORM: asked before every commit of signals.
  const selectKnown = native.prepare<{ id: string }>(
    "select signal_id as id from signal where launch_id = ? and signal_id in (select value from json_each(?))",
  );
  // Two statements in one: both aggregates of one would read the whole log.
  const selectRevisions = native.prepare<{ head: number; epoch: string; oldest: number }>(
    `select revision as head, epoch, (select min(revision) from change) as oldest
     from change order by revision desc limit 1`,
  );
  return {
    knownSignalIds: (launchId, ids) =>
      database.readNative(() => new Set(selectKnown.all(launchId, JSON.stringify(ids)).map((row) => row.id))),

    listSignals: (options) =>
      database.read(async (em) => {
        const order = options.newestFirst ? "desc" : "asc";
        const rows = await em.find(SignalEntity, signalFilter(options), {
          orderBy: { logId: order },
          limit: options.limit,
        });
        return rows.map(fromSignalRow);
      }),

    revisions: () => database.read(() => selectRevisions.get() ?? { head: 0, epoch: "", oldest: 0 }),

    listChanges: ({ after, limit }) =>
      database.read(async (em) => {
        const where = { revision: { $gt: after } };
        const rows = await em.find(ChangeEntity, where, { orderBy: { revision: "asc" }, limit });
        return rows.map(fromChangeRow);
      }),
  };
}

function signalFilter(
  options: Parameters<Store["listSignals"]>[0],
): FilterQuery<InferEntity<typeof SignalEntity>> {
  const { sessionId, launchId, beforeLogId, afterLogId } = options;
  return {
    ...(sessionId !== undefined && { sessionId }),
    ...(launchId !== undefined && { launchId }),
    logId: {
      ...(beforeLogId !== undefined && { $lt: beforeLogId }),
      ...(afterLogId !== undefined && { $gt: afterLogId }),
    },
  };
}
