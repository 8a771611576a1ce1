import type { Harnesses } from "../../core/ports/harnesses.ts";
import type { Store } from "../../core/ports/store.ts";
import { reduce } from "../../core/reducer/reduce.ts";
import type { Signal } from "../../core/signal.ts";
import type { SignalResult } from "../api.ts";
import { statusOf, traitsOf } from "../views.ts";
import type { Draft } from "./draft.ts";
import { meaningOf } from "./meaning-of.ts";

/** Decides each signal in order and stages what follows; the only caller of the reducer on the write path. */
export async function foldSignals(input: {
  signals: readonly Signal[];
  draft: Draft;
  store: Pick<Store, "knownSignalIds">;
  harnesses: Harnesses;
  now: number;
}): Promise<SignalResult[]> {
  const known = await input.store.knownSignalIds(input.signals);
  const results: SignalResult[] = [];
  for (const signal of input.signals) results.push(await foldOne({ ...input, signal, known }));
  return results;
}

async function foldOne(input: {
  signal: Signal;
  known: ReadonlyMap<string, ReadonlySet<string>>;
  draft: Draft;
  harnesses: Harnesses;
  now: number;
}): Promise<SignalResult> {
  const { signal, draft, harnesses, now } = input;
  const answer = { launchId: signal.launchId, signalId: signal.id };
  const session = await draft.byLaunch(signal.launchId);
  if (!session)
    return {
      ...answer,
      outcome: "rejected",
      rule: "R1",
      reason: `no session has launch "${signal.launchId}"`,
    };
  if (input.known.get(signal.launchId)?.has(signal.id) || draft.hasSignal(signal.launchId, signal.id)) {
    return { ...answer, outcome: "duplicate", rule: "R2", reason: "already logged" };
  }
  const meaning = meaningOf(signal, session.harness, harnesses);
  const decided = reduce(
    session.facts,
    { signal, meaning: meaning ?? "receipt" },
    now,
    traitsOf(session, harnesses),
  );
  const reason = meaning
    ? decided.reason
    : `the event table of ${session.harness} has no "${signal.event}"; ${decided.reason}`;
  const next = { ...session, facts: decided.facts };
  if (decided.outcome === "applied") draft.change(next);
  else if (decided.facts !== session.facts) draft.keep(next);
  draft.log({
    signal,
    sessionId: session.id,
    outcome: decided.outcome,
    rule: decided.rule,
    reason,
    statusAfter: statusOf(next, harnesses, now).status,
    commitTime: now,
  });
  return { ...answer, outcome: decided.outcome, rule: decided.rule, reason };
}
