import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { initialFacts } from "../../src/core/reducer/initial-facts.ts";
import { reduce } from "../../src/core/reducer/reduce.ts";
import type { Facts, Status } from "../../src/core/session.ts";
import { deriveStatus, nextStatusChange } from "../../src/core/status.ts";
import type { TraceCase } from "../support/trace-file.ts";
import type { Told } from "./tell-trace.ts";

/** What ao showed from `at` on, ms since the recording's start. */
export interface Shown {
  at: number;
  status: Status;
  backgroundTasks: number;
}

/** A replay's result. */
export interface Replay {
  shown: Shown[];
  facts: Facts;
}

/** Facts before the first signal of a recording. */
export function factsBefore(trace: TraceCase): Facts {
  const launch = trace.lines.find((line) => line.event === "_launch");
  const promptPending = launch ? launch.payload.prompt_pending === true : trace.headless;
  const launchTime = trace.startNs / 1e6;
  return initialFacts({ launchId: "l1", launchTime, promptPending, headless: trace.headless });
}

/** Folds a recording's signals with the real reducer, as time went by then. */
export function replayTrace(trace: TraceCase, told: readonly Told[], traits: HarnessTraits): Replay {
  const shown: Shown[] = [];
  let facts = factsBefore(trace);
  const show = (time: number) => {
    const { status } = deriveStatus(facts, traits, time);
    shown.push({ at: time - trace.startNs / 1e6, status, backgroundTasks: facts.backgroundTasks });
  };
  for (const [index, { now, ...interpreted }] of told.entries()) {
    facts = reduce(facts, interpreted, now, traits).facts;
    show(now);
    const until = told[index + 1]?.now ?? endOf(trace);
    let next = nextStatusChange(facts, traits, now);
    for (; next !== undefined && next < until; next = nextStatusChange(facts, traits, next)) show(next);
  }
  return { shown, facts };
}

/** When a recording ends, epoch ms. */
export function endOf(trace: TraceCase): number {
  return trace.startNs / 1e6 + (trace.intervals.at(-1)?.to_ms ?? 0);
}
