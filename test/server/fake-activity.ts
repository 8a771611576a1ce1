import type { Signal } from "../../src/core/signal.ts";
import type { App, SignalResult } from "../../src/lifecycle/api.ts";
import type { FakeState } from "./fake-state.ts";

/** A log that applies every signal but those of launch "l-unknown". */
export function fakeActivity(fake: FakeState): App["activity"] {
  return {
    async report(signals) {
      fake.reported.push([...signals]);
      await fake.gate;
      if (fake.failure) throw fake.failure;
      return signals.map(resultOf);
    },
    async list(options) {
      fake.note("listSignals", options);
      fake.find(options.sessionId);
      return fake.rows
        .filter(({ logId }) => options.beforeLogId === undefined || logId < options.beforeLogId)
        .slice(0, options.limit);
    },
    async *watch(options, signal) {
      fake.note("watchSignals", options);
      if (options.sessionId) fake.find(options.sessionId);
      yield* fake.rows.filter(({ logId }) => logId > (options.afterLogId ?? 0)).reverse();
      await fake.untilAborted(signal, "watchSignals");
    },
    async explain(id) {
      fake.note("explain", id);
      return {
        view: fake.find(id),
        verdict: "because",
        signals: fake.rows.slice(0, 2),
        traits: { hooks: true, firstSignal: "prompt", secondWitness: true, silentAnswers: true },
      };
    },
  };
}

function resultOf(signal: Signal): SignalResult {
  const outcome = signal.launchId === "l-unknown" ? "rejected" : "applied";
  return { launchId: signal.launchId, signalId: signal.id, outcome, rule: "R6", reason: "because" };
}
