import type { InferEntity } from "@mikro-orm/core";
import type { Change } from "../../core/ports/store.ts";
import type { ChangeEntity } from "../entities/change-entity.ts";
import { readJson } from "./read-json.ts";

type Row = InferEntity<typeof ChangeEntity>;

/** Makes the row of a change. */
export function toChangeRow({ session, ...columns }: Change): Row {
  return { ...columns, session: session ? JSON.stringify(session) : null };
}

/** Makes the change of a row. */
export function fromChangeRow(row: Row): Change {
  return {
    revision: row.revision,
    epoch: row.epoch,
    type: row.type,
    sessionId: row.sessionId,
    projectId: row.projectId,
    commitTime: row.commitTime,
    ...(row.session != null && { session: readJson(row.session, `change ${row.revision}`) }),
  };
}
