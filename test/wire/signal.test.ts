import fc from "fast-check";
import * as assert from "uvu/assert";
import * as pb from "../../gen/ao/v1/activity.ts";
import type { Signal, SignalFields } from "../../src/core/signal.ts";
import { signalFromProto, signalKinds, signalToProto } from "../../src/wire/signal.ts";
import { suite } from "../support/suite.ts";

const text = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const positive = fc.integer({ min: 1, max: 2 ** 31 - 1 });

const fields: fc.Arbitrary<SignalFields> = fc.record(
  {
    nativeSessionId: text,
    parentSessionId: text,
    agentId: text,
    toolName: text,
    toolUseId: text,
    toolInputDigest: text,
    requestId: text,
    reason: text,
    source: text,
    type: text,
    prompt: text,
    message: text,
    backgroundTasks: count,
    transcriptPath: text,
    cwd: text,
    pid: positive,
    pidStartTicks: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    exitCode: fc.integer({ min: -255, max: 255 }),
    exitSignal: text,
    partial: fc.constant(true),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const signal: fc.Arbitrary<Signal> = fc.record(
  {
    id: text,
    launchId: text,
    seq: count,
    observedTime: fc.integer({ min: 0, max: Date.UTC(9999, 0) }),
    kind: fc.constantFrom(...signalKinds.words),
    harness: text,
    event: text,
    fields,
  },
  { noNullPrototype: true },
);

suite("wire/signal", ({ test }) => {
  test("a signal survives the way over the wire unchanged", () => {
    fc.assert(
      fc.property(signal, (original) => {
        const bytes = pb.Signal.encode(signalToProto(original)).finish();
        assert.equal(signalFromProto(pb.Signal.decode(bytes)), original);
      }),
    );
  });

  test("a kind from a newer version is refused by name", () => {
    const message = pb.Signal.fromPartial({ signalId: "s", observedTime: new Date(0), kind: 99 as never });
    assert.throws(() => signalFromProto(message), /"signal.kind" must be a known kind; got "99"/);
  });

  test("a missing or impossible time is refused by name", () => {
    const kind = pb.SignalKind.SIGNAL_KIND_HOOK;
    for (const observedTime of [undefined, new Date(Number.NaN)]) {
      assert.throws(
        () => signalFromProto(pb.Signal.fromPartial({ kind, observedTime })),
        /signal.observed_time/,
      );
    }
  });
});
