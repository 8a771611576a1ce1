import { defineEntity, p } from "@mikro-orm/core";
import type { Status } from "../../core/session.ts";
import type { SignalKind, SignalOutcome } from "../../core/signal.ts";

/**
 * The signal log, append-only.
 *
 * No foreign key to the session: the log outlives it until compaction, so that its end can still be explained.
 */
export const SignalEntity = defineEntity({
  name: "Signal",
  tableName: "signal",
  uniques: [{ properties: ["launchId", "signalId"] }],
  indexes: [{ properties: ["sessionId", "logId"] }],
  properties: {
    logId: p.integer().primary().autoincrement(),
    launchId: p.text(),
    signalId: p.text(),
    sessionId: p.text(),
    seq: p.integer(),
    observedTime: p.integer(),
    kind: p.text().$type<SignalKind>(),
    harness: p.text(),
    event: p.text(),
    /** JSON. */
    fields: p.text(),
    outcome: p.text().$type<SignalOutcome>(),
    rule: p.text(),
    reason: p.text(),
    statusAfter: p.text().$type<Status>(),
    commitTime: p.integer(),
  },
});
