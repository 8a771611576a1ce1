import { defineEntity, p } from "@mikro-orm/core";
import type { Change } from "../../core/ports/store.ts";

/** The change log, append-only: what watches are served from. Its key is the revision, given by the writer. */
export const ChangeEntity = defineEntity({
  name: "Change",
  tableName: "change",
  properties: {
    revision: p.integer().primary().autoincrement(false),
    type: p.text().$type<Change["type"]>(),
    sessionId: p.text(),
    projectId: p.text(),
    commitTime: p.integer(),
    /** JSON of the session as of this revision; null for removals. */
    session: p.text().nullable(),
    epoch: p.text().default(""),
  },
});
