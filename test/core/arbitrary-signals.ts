import fc from "fast-check";
import { MEANINGS, type Meaning, type Signal, type SignalFields } from "../../src/core/signal.ts";
import { signalOf } from "./story.ts";

/** A signal with its meaning. */
export interface Told {
  signal: Signal;
  meaning: Meaning;
}

/** Times of arbitrary signals, ms after T0. */
export const LAST_AT = 300_000;

const one = (...values: string[]) => fc.constantFrom(...values);

/** Fields from small alphabets, so that signals meet. */
export const arbitraryFields: fc.Arbitrary<SignalFields> = fc.record(
  {
    nativeSessionId: one("n1", "n2", "c1"),
    parentSessionId: one("n1"),
    agentId: one("a1", "a2"),
    toolName: one("Bash", "Write"),
    toolUseId: one("t1", "t2", "t3"),
    toolInputDigest: one("d1", "d2"),
    requestId: one("r1", "r2"),
    reason: one("approve", "deny", "gone", "clear", "out_of_memory", "host_rebooted"),
    source: one("startup", "clear", "resume", "compact"),
    type: one("permission", "question", "trust", "lease"),
    prompt: one("do it", "\n\nsecond line", ""),
    message: one("done", "no"),
    backgroundTasks: fc.nat(2),
    transcriptPath: one("/t1", "/t2"),
    pid: one("42", "43").map(Number),
    exitCode: fc.constantFrom(0, 1),
    exitSignal: one("SIGKILL"),
  },
  { requiredKeys: [] },
);

/** Signals of the given meanings, in no order of time; ids are their places. */
export function arbitrarySignals(
  options: { meanings?: readonly Meaning[]; fields?: fc.Arbitrary<SignalFields>; lastAt?: number } = {},
): fc.Arbitrary<Told[]> {
  const { meanings = MEANINGS, fields = arbitraryFields, lastAt = LAST_AT } = options;
  const told = fc.record({ meaning: fc.constantFrom(...meanings), fields, at: fc.nat(lastAt) });
  return fc
    .array(told, { maxLength: 30 })
    .map((all) =>
      all.map((each, index) => ({ meaning: each.meaning, signal: signalOf({ id: `s${index}`, ...each }) })),
    );
}

/** Freezes a value and all in it; returns it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
