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
  // Below the ORM: asked before every commit of signals. The cross join keeps the order: a search of the index for each.
  const selectKnown = native.prepare<{ launchId: string; id: string }>(
    `select launch_id as launchId, signal_id as id from json_each(?) as asked
     cross join signal on launch_id = asked.value ->> 0 and signal_id = asked.value ->> 1`,
  );
  // Two statements in one: both aggregates of one would read the whole log.
  const selectRevisions = native.prepare<{ head: number; epoch: string; oldest: number }>(
    `select revision as head, epoch, (select min(revision) from change) as oldest
     from change order by revision desc limit 1`,
  );
  return {
    knownSignalIds: (signals) =>
      database.readNative(() => {
        const asked = JSON.stringify(signals.map(({ launchId, id }) => [launchId, id]));
        return idsByLaunch(selectKnown.all(asked));
      }),

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

function idsByLaunch(rows: readonly { launchId: string; id: string }[]): Map<string, Set<string>> {
  const byLaunch = new Map<string, Set<string>>();
  for (const { launchId, id } of rows) {
    const ids = byLaunch.get(launchId);
    if (ids) ids.add(id);
    else byLaunch.set(launchId, new Set([id]));
  }
  return byLaunch;
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
