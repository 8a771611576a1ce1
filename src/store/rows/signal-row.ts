import type { InferEntity } from "@mikro-orm/core";
import type { LoggedSignal, SignalRow } from "../../core/ports/store.ts";
import type { SignalEntity } from "../entities/signal-entity.ts";
import { readJson } from "./read-json.ts";

type Row = InferEntity<typeof SignalEntity>;

/** Makes the row of a logged signal; the database gives its place in the log. */
export function toSignalRow({ signal, ...logged }: LoggedSignal): Omit<Row, "logId"> {
  const { id, fields, ...columns } = signal;
  return { ...columns, ...logged, signalId: id, fields: JSON.stringify(fields) };
}

/** Makes the logged signal of a row. */
export function fromSignalRow(row: Row): SignalRow {
  return {
    logId: row.logId,
    sessionId: row.sessionId,
    signal: {
      id: row.signalId,
      launchId: row.launchId,
      seq: row.seq,
      observedTime: row.observedTime,
      kind: row.kind,
      harness: row.harness,
      event: row.event,
      fields: readJson(row.fields, `signal ${row.logId}`),
    },
    outcome: row.outcome,
    rule: row.rule,
    reason: row.reason,
    statusAfter: row.statusAfter,
    commitTime: row.commitTime,
  };
}
