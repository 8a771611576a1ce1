import type * as pb from "../../gen/ao/v1/activity.ts";
import { AoError } from "../core/errors.ts";
import type { MeantRow, SignalRow } from "../core/ports/store.ts";
import { MEANINGS } from "../core/signal.ts";
import { statuses } from "./session-words.ts";
import { signalFromProto, signalOutcomes, signalToProto } from "./signal.ts";

/** Converts a logged signal to its message; `meaning` is empty where the row does not have it. */
export function signalRecordToProto(row: SignalRow & Partial<MeantRow>): pb.SignalRecord {
  return {
    meaning: row.meaning ?? "",
    signal: signalToProto(row.signal),
    logId: row.logId,
    commitTime: new Date(row.commitTime),
    outcome: signalOutcomes.toProto(row.outcome),
    rule: row.rule,
    reason: row.reason,
    sessionId: row.sessionId,
    statusAfter: statuses.toProto(row.statusAfter),
  };
}

/** Converts a message to a logged signal; throws INVALID_FIELD on what only a newer version can have sent. */
export function signalRecordFromProto(message: pb.SignalRecord): SignalRow {
  const outcome = signalOutcomes.fromProto(message.outcome);
  const statusAfter = statuses.fromProto(message.statusAfter);
  if (!message.signal || !outcome || !statusAfter) throw incomplete(message);
  return {
    signal: signalFromProto(message.signal),
    logId: message.logId,
    commitTime: message.commitTime?.getTime() ?? 0,
    outcome,
    rule: message.rule,
    reason: message.reason,
    sessionId: message.sessionId,
    statusAfter,
  };
}

/** Converts a message with its meaning; one that only a newer version can name is a sign of life. */
export function meantRowFromProto(message: pb.SignalRecord): MeantRow {
  const meaning = MEANINGS.find((known) => known === message.meaning) ?? "receipt";
  return { ...signalRecordFromProto(message), meaning };
}

function incomplete(message: pb.SignalRecord): AoError {
  return new AoError("INVALID_FIELD", {
    field: "signal_record",
    value: message.logId,
    problem: "has an outcome or status this version does not know",
    hint: "Use the same version of ao as the daemon: `ao version`.",
  });
}
