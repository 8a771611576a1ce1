import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { speaksFor } from "../../src/core/replay/speaks-for.ts";
import type { TraceCase } from "../support/trace-file.ts";
import { evidenceIn } from "./evidence.ts";
import { recordedTrace, replayRecorded } from "./recorded-trace.ts";
import { replayTrace } from "./replay-trace.ts";
import type { Run } from "./score.ts";
import { type Step, stateOfStatus } from "./states.ts";
import type { Told } from "./tell-trace.ts";

/** Ways to know an agent's state: ao, and the two baselines it is compared with. */
export const WAYS = ["ao", "hooks only", "last event wins"] as const;
export type Way = (typeof WAYS)[number];

/** A recording as one way shows it. */
export function runOf(way: Way, trace: TraceCase, told: readonly Told[], traits: HarnessTraits): Run {
  return { trace, steps: stepsOf(way, trace, told, traits), evidence: evidenceIn(trace, told) };
}

function stepsOf(way: Way, trace: TraceCase, told: readonly Told[], traits: HarnessTraits): Step[] {
  const start = trace.startNs / 1e6;
  const recorded = way === "last event wins" ? undefined : recordedTrace(trace);
  if (recorded) {
    const shown = replayRecorded(trace, recorded, { hooksOnly: way === "hooks only" });
    return shown.map(({ at, status }) => ({ at, shown: stateOfStatus(status) }));
  }
  switch (way) {
    case "ao":
      return statusSteps(trace, told, traits);
    case "hooks only":
      // The same tables and rules, without a second witness and without word of the process's end.
      return statusSteps(trace, told.filter(isHookOrStart), { ...traits, secondWitness: false });
    case "last event wins":
      return told.filter(isHook).flatMap(({ meaning, now }) => {
        const shown = meaning === "conversation_end" ? "exited" : speaksFor(meaning);
        return shown ? [{ at: now - start, shown }] : [];
      });
  }
}

function statusSteps(trace: TraceCase, told: readonly Told[], traits: HarnessTraits): Step[] {
  const { shown } = replayTrace(trace, told, traits);
  return shown.map(({ at, status }) => ({ at, shown: stateOfStatus(status) }));
}

function isHook({ signal }: Told): boolean {
  return signal.kind === "hook";
}

function isHookOrStart(told: Told): boolean {
  return isHook(told) || told.meaning === "process_started";
}
