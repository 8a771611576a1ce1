import type { Harnesses } from "../../src/core/ports/harnesses.ts";
import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import type { TraceCase } from "../support/trace-file.ts";
import { recordedTrace } from "./recorded-trace.ts";
import { type Run, type Score, score } from "./score.ts";
import { harnessFor, tellAll } from "./tell-trace.ts";
import { watchScreens } from "./watch-screens.ts";
import { runOf, WAYS, type Way } from "./ways.ts";

/** The figures of one agent's recordings, each way. */
export interface AgentScore {
  /** With its version; "all" for all of them together. */
  agent: string;
  ways: Record<Way, Score>;
}

/** What scoring a directory gave. */
export interface ScoreReport {
  agents: AgentScore[];
  all: AgentScore;
  /** Agents that have recordings and no harness yet. */
  withoutHarness: string[];
  /** `agent: event` of hooks no event table knows. */
  unknownEvents: string[];
}

/** Replays every recording and scores it, per agent and together. */
export async function scoreAll(traces: readonly TraceCase[]): Promise<ScoreReport> {
  const harnesses = createHarnesses();
  const names = [...new Set(traces.map(({ build }) => build))].sort();
  const known = names.filter((build) =>
    traces.some((trace) => trace.build === build && traitsOf(trace, harnesses) !== undefined),
  );
  const runs: { agent: string; way: Way; run: Run }[] = [];
  const unknown = new Set<string>();
  const told = await tellAll(traces.filter((trace) => traitsOf(trace, harnesses) !== undefined));
  for (const [trace, heard] of told) {
    const traits = traitsOf(trace, harnesses);
    if (!traits) continue;
    const signals = await watchScreens(trace, heard);
    for (const one of signals) if (one.unknown) unknown.add(`${trace.build}: ${one.signal.event}`);
    for (const way of WAYS) runs.push({ agent: trace.build, way, run: runOf(way, trace, signals, traits) });
  }
  const scoreOf = (agent: string): AgentScore => {
    const of = (way: Way) =>
      score(
        runs
          .filter((one) => one.way === way && (agent === "all" || one.agent === agent))
          .map(({ run }) => run),
      );
    return {
      agent,
      ways: {
        ao: of("ao"),
        "hooks only": of("hooks only"),
        "last event wins": of("last event wins"),
      },
    };
  };
  return {
    agents: known.map(scoreOf),
    all: scoreOf("all"),
    withoutHarness: names.filter((build) => !known.includes(build)),
    unknownEvents: [...unknown].sort(),
  };
}

/** A recording of ao's own says itself what its harness is like: it may be one of the user's. */
function traitsOf(trace: TraceCase, harnesses: Harnesses): HarnessTraits | undefined {
  return recordedTrace(trace)?.header.traits ?? harnessFor(trace.agent, harnesses)?.traits;
}
