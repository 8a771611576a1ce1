import type * as pb from "../../gen/ao/v1/activity.ts";
import type { Signal } from "../core/signal.ts";
import { signalFromProto } from "../wire/signal.ts";
import { invalid, line, optionalId, position, requiredId } from "./fields.ts";

/** A clock this far ahead is broken: its evidence would make everything later look old. */
const MAX_AHEAD_MS = 300_000;
const MAX_FIELD = 4096;

/** Validates a signal; `now` is epoch ms. Throws INVALID_FIELD. */
export function signalRequest(message: pb.Signal, now: number): Signal {
  const { signalId, event, fields } = message;
  if (signalId === "") throw invalid("signal.signal_id", signalId, "must not be empty");
  if (event === "") throw invalid("signal.event", event, "must not be empty");
  line("signal.signal_id", signalId, 200);
  line("signal.event", event, 100);
  requiredId("signal.launch_id", message.launchId);
  optionalId("signal.harness", message.harness);
  position("signal.seq", message.seq);
  for (const [name, value] of Object.entries(fields ?? {})) checkField(name, value);
  const signal = signalFromProto(message);
  if (signal.observedTime > now + MAX_AHEAD_MS) {
    throw invalid("signal.observed_time", new Date(signal.observedTime).toISOString(), "lies in the future");
  }
  return signal;
}

function checkField(name: string, value: unknown): void {
  if (typeof value === "string" && value.length > MAX_FIELD) {
    throw invalid(`signal.fields.${name}`, value, `must have at most ${MAX_FIELD} characters`);
  }
}
