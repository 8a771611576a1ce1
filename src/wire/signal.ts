import * as pb from "../../gen/ao/v1/activity.ts";
import { AoError } from "../core/errors.ts";
import type { Signal, SignalFields, SignalKind, SignalOutcome } from "../core/signal.ts";
import { enumTable } from "./enum-table.ts";

/** Kinds of signals on the wire. */
export const signalKinds = enumTable<SignalKind, pb.SignalKind>({
  hook: pb.SignalKind.SIGNAL_KIND_HOOK,
  process: pb.SignalKind.SIGNAL_KIND_PROCESS,
  witness: pb.SignalKind.SIGNAL_KIND_WITNESS,
  probe: pb.SignalKind.SIGNAL_KIND_PROBE,
  report: pb.SignalKind.SIGNAL_KIND_REPORT,
  request: pb.SignalKind.SIGNAL_KIND_REQUEST,
});

/** Outcomes of signals on the wire. */
export const signalOutcomes = enumTable<SignalOutcome, pb.SignalOutcome>({
  applied: pb.SignalOutcome.SIGNAL_OUTCOME_APPLIED,
  recorded: pb.SignalOutcome.SIGNAL_OUTCOME_RECORDED,
  duplicate: pb.SignalOutcome.SIGNAL_OUTCOME_DUPLICATE,
  stale_launch: pb.SignalOutcome.SIGNAL_OUTCOME_STALE_LAUNCH,
  superseded: pb.SignalOutcome.SIGNAL_OUTCOME_SUPERSEDED,
  rejected: pb.SignalOutcome.SIGNAL_OUTCOME_REJECTED,
});

/** Converts a signal to its message. */
export function signalToProto(signal: Signal): pb.Signal {
  return {
    signalId: signal.id,
    launchId: signal.launchId,
    seq: signal.seq,
    observedTime: new Date(signal.observedTime),
    kind: signalKinds.toProto(signal.kind),
    harness: signal.harness,
    event: signal.event,
    fields: fieldsToProto(signal.fields),
  };
}

/** Converts a message to a signal; throws INVALID_FIELD when its kind or time cannot be expressed. */
export function signalFromProto(message: pb.Signal): Signal {
  const kind = signalKinds.fromProto(message.kind);
  if (!kind) throw invalid("signal.kind", message.kind, "must be a known kind");
  const observedTime = message.observedTime?.getTime() ?? Number.NaN;
  if (!Number.isFinite(observedTime)) {
    throw invalid("signal.observed_time", "", "must be a time between the years 1 and 9999");
  }
  return {
    id: message.signalId,
    launchId: message.launchId,
    seq: message.seq,
    observedTime,
    kind,
    harness: message.harness,
    event: message.event,
    fields: message.fields ? fieldsFromProto(message.fields) : {},
  };
}

/** Converts what was kept of a payload to its message. */
export function fieldsToProto(fields: SignalFields): pb.SignalFields {
  return {
    nativeSessionId: fields.nativeSessionId ?? "",
    parentSessionId: fields.parentSessionId ?? "",
    agentId: fields.agentId ?? "",
    toolName: fields.toolName ?? "",
    toolUseId: fields.toolUseId ?? "",
    toolInputDigest: fields.toolInputDigest ?? "",
    requestId: fields.requestId ?? "",
    reason: fields.reason ?? "",
    source: fields.source ?? "",
    type: fields.type ?? "",
    prompt: fields.prompt ?? "",
    message: fields.message ?? "",
    backgroundTasks: fields.backgroundTasks,
    transcriptPath: fields.transcriptPath ?? "",
    cwd: fields.cwd ?? "",
    pid: fields.pid ?? 0,
    pidStartTicks: fields.pidStartTicks ?? 0,
    exitCode: fields.exitCode,
    exitSignal: fields.exitSignal ?? "",
    partial: fields.partial ?? false,
  };
}

/** Converts a message to what was kept of a payload; what the wire calls empty has no key. */
export function fieldsFromProto(message: pb.SignalFields): SignalFields {
  const fields: SignalFields = {
    nativeSessionId: message.nativeSessionId || undefined,
    parentSessionId: message.parentSessionId || undefined,
    agentId: message.agentId || undefined,
    toolName: message.toolName || undefined,
    toolUseId: message.toolUseId || undefined,
    toolInputDigest: message.toolInputDigest || undefined,
    requestId: message.requestId || undefined,
    reason: message.reason || undefined,
    source: message.source || undefined,
    type: message.type || undefined,
    prompt: message.prompt || undefined,
    message: message.message || undefined,
    backgroundTasks: message.backgroundTasks,
    transcriptPath: message.transcriptPath || undefined,
    cwd: message.cwd || undefined,
    pid: message.pid || undefined,
    pidStartTicks: message.pidStartTicks || undefined,
    exitCode: message.exitCode,
    exitSignal: message.exitSignal || undefined,
    partial: message.partial || undefined,
  };
  return withoutUndefined(fields);
}

function withoutUndefined(fields: SignalFields): SignalFields {
  const kept: Partial<Record<keyof SignalFields, unknown>> = {};
  for (const key of Object.keys(fields) as (keyof SignalFields)[]) {
    if (fields[key] !== undefined) kept[key] = fields[key];
  }
  return kept as SignalFields;
}

function invalid(field: string, value: string | number, problem: string): AoError {
  return new AoError("INVALID_FIELD", { field, value, problem });
}
