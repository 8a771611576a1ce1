import type * as pb from "../../gen/ao/v1/activity.ts";
import { AoError } from "../core/errors.ts";
import type { SignalRow } from "../core/ports/store.ts";
import { statuses } from "./session-words.ts";
import { signalFromProto, signalOutcomes, signalToProto } from "./signal.ts";

/** Converts a logged signal to its message. */
export function signalRecordToProto(row: SignalRow): pb.SignalRecord {
  return {
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

function incomplete(message: pb.SignalRecord): AoError {
  return new AoError("INVALID_FIELD", {
    field: "signal_record",
    value: message.logId,
    problem: "has an outcome or status this version does not know",
    hint: "Use the same version of ao as the daemon: `ao version`.",
  });
}
