import { initialFacts } from "../reducer/initial-facts.ts";
import { reduce } from "../reducer/reduce.ts";
import type { Facts, Status } from "../session.ts";
import type { Signal, SignalOutcome } from "../signal.ts";
import { deriveStatus, nextStatusChange } from "../status.ts";
import type { SignalLine, Trace } from "./trace.ts";

/** What a replay shows from `at` on. */
export interface ReplayStep {
  /** Epoch ms. */
  at: number;
  status: Status;
  reason: string;
  facts: Facts;
  /** What led here; undefined when time alone did. */
  cause?: ReplayCause;
}

/** A signal, and what this reducer made of it. */
export interface ReplayCause {
  line: SignalLine;
  outcome: SignalOutcome;
  rule: string;
  reason: string;
  /** The daemon that recorded it decided otherwise: another version of ao, or a log whose beginning is gone. */
  differs: boolean;
}

/** Folds a recording with the reducer of this ao: a step for each signal, and for each change that time alone made. */
export function replayTrace({ header, signals }: Trace): ReplayStep[] {
  const steps: ReplayStep[] = [];
  let facts: Facts | undefined;
  const show = (at: number, shown: Facts, cause?: ReplayCause) =>
    steps.push({ at, facts: shown, cause, ...deriveStatus(shown, header.traits, at) });
  for (const [index, line] of signals.entries()) {
    const at = line.signal.commit_ms;
    const decided = decide(line, facts ?? factsBefore(line), header.traits);
    facts = decided.facts;
    const { status } = deriveStatus(facts, header.traits, at);
    const { outcome, rule, reason } = decided;
    const differs = status !== line.signal.status || outcome !== line.signal.outcome;
    show(at, facts, { line, outcome, rule, reason, differs });
    const until = signals[index + 1]?.signal.commit_ms ?? header.recorded_ms;
    let next = nextStatusChange(facts, header.traits, at);
    while (next !== undefined && next < until) {
      show(next, facts);
      next = nextStatusChange(facts, header.traits, next);
    }
  }
  return steps;
}

function decide(line: SignalLine, facts: Facts, traits: Trace["header"]["traits"]) {
  const { meaning, commit_ms } = line.signal;
  if (meaning === "launch_requested") {
    const { rule, reason } = line.signal;
    return { facts: launchFacts(line, facts), outcome: "recorded" as const, rule, reason };
  }
  return reduce(facts, { signal: signalOf(line), meaning }, commit_ms, traits);
}

/** A launch begins anew; its line comes in the log where the daemon wrote the fresh facts. */
function launchFacts({ payload, ts_ns, signal }: SignalLine, previous: Facts): Facts {
  const facts = initialFacts(
    {
      launchId: signal.launch,
      launchTime: Math.round(ts_ns / 1e6),
      promptPending: payload.prompt_pending === true,
      headless: payload.headless === true,
    },
    previous,
  );
  return { ...facts, title: facts.title || (payload.prompt ?? "") };
}

/** A log whose beginning is gone: the launch of its first signal, as if it had just been asked for. */
function factsBefore({ signal, ts_ns }: SignalLine): Facts {
  return initialFacts({
    launchId: signal.launch,
    launchTime: Math.min(signal.commit_ms, Math.round(ts_ns / 1e6)),
    promptPending: false,
    headless: false,
  });
}

function signalOf({ payload, ts_ns, signal }: SignalLine): Signal {
  const { id, seq, kind, event, launch } = signal;
  const observedTime = Math.round(ts_ns / 1e6);
  return { id, seq, kind, event, launchId: launch, harness: "", observedTime, fields: payload };
}
