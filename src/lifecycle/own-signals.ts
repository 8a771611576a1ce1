import { randomUUID } from "node:crypto";
import type { Session } from "../core/session.ts";
import type { Meaning, Signal, SignalFields, SignalKind } from "../core/signal.ts";

/** A signal of the daemon's own: what it was asked to do, or what it saw when it looked. */
export function ownSignal(
  session: Session,
  observation: {
    /** `witness`: the screen of an agent that has no other. */
    kind: Extract<SignalKind, "probe" | "request" | "witness">;
    meaning: Meaning;
    observedTime: number;
    fields?: SignalFields;
  },
): Signal {
  return {
    id: `ao-${randomUUID()}`,
    launchId: session.facts.launchId,
    seq: 0,
    observedTime: observation.observedTime,
    kind: observation.kind,
    harness: session.harness,
    event: observation.meaning,
    fields: observation.fields ?? {},
  };
}
