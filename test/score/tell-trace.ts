import { PROCESS_EVENTS } from "../../src/core/launch-manifest.ts";
import type { Harness, Harnesses } from "../../src/core/ports/harnesses.ts";
import type { InterpretedSignal } from "../../src/core/reduce-types.ts";
import type { Signal } from "../../src/core/signal.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import { meaningOf } from "../../src/lifecycle/book/meaning-of.ts";
import { eachOf } from "../../src/util/each-of.ts";
import { startTicksOf } from "../../src/util/start-ticks.ts";
import { throughPlugin } from "../support/opencode-lines.ts";
import type { TraceCase, TraceLine } from "../support/trace-file.ts";
import { createShimRig, type ShimRig } from "./shim-rig.ts";
import { startStandIn } from "./stand-in.ts";
import { createTraceClock } from "./trace-clock.ts";
import {
  agentFileOf,
  createExpectation,
  type Expectation,
  isOfServer,
  type ReplayedAgent,
} from "./witness-lines.ts";

/** A signal as the daemon would meet it. */
export interface Told extends InterpretedSignal {
  /** Epoch ms at which it reached the daemon; its own time may be older. */
  now: number;
  /** The harness's table does not know the event: counted as a sign of life. */
  unknown?: boolean;
}

/** Directory that stands for the scratch folder of every recording. */
const BENCH = "/bench";

/** The harness that speaks for an agent's recordings, by its id, a word of it or its program's name. */
export function harnessFor(agent: string, harnesses: Harnesses = createHarnesses()): Harness | undefined {
  const byWord = harnesses.list().find(({ id }) => id.split("-").includes(agent));
  const byProgram = BUILT_IN_SPECS.find(({ binary }) => binary.names.includes(agent));
  return harnesses.find(agent) ?? byWord ?? (byProgram && harnesses.find(byProgram.id));
}

/**
 * The recording as signals, in the order they came: each file goes through the real spool, reader and witness.
 *
 * The process's start (at the first line) and end (the truth's) are what the launcher would say, where the recording
 * does not hold its records.
 */
export async function tellTrace(trace: TraceCase): Promise<Told[]> {
  const recorded = trace.lines.flatMap(recordedTold);
  if (recorded.length > 0) return recorded;
  const harnesses = createHarnesses();
  const harness = harnessFor(trace.agent, harnesses);
  if (!harness) throw new Error(`no harness speaks for agent "${trace.agent}"`);
  const lines = withLauncher(trace, await withPlugin(trace));
  const clock = createTraceClock((lines[0]?.ts_ns ?? trace.startNs) / 1e6);
  using server = trace.lines.some(isOfServer) ? startStandIn() : undefined;
  const agent = { ...AGENT, server: server?.pid };
  using rig = createShimRig({ harness: harness.id, clock, witness: witnessOf(harness.id, trace) });
  const expected = createExpectation(clock.now() - 1000);
  const all: Told[] = [];
  let over = false;
  for (const line of lines) {
    clock.set(line.ts_ns / 1e6);
    // What vibe's server writes behind the agent's end no witness looks at any more.
    over ||= line.event === "_exit";
    for (const signal of await deliver({ rig, line, expected: over ? SILENT : expected, agent })) {
      const meaning = meaningOf(signal, harness.id, harnesses);
      all.push({ signal, meaning: meaning ?? "receipt", now: clock.now(), unknown: meaning === undefined });
    }
  }
  return all;
}

/**
 * All recordings as signals, in the order given. Most of the time the shim waits for word of its files: agents are told at
 * once. Recordings of one agent are not, for its witness may look into what the agent's process has open, which is this
 * one.
 */
export async function tellAll(traces: readonly TraceCase[]): Promise<Map<TraceCase, Told[]>> {
  const told = new Map<TraceCase, Told[]>(traces.map((trace) => [trace, []]));
  const byAgent = [...Map.groupBy(traces, ({ agent }) => agent).values()];
  await eachOf(byAgent, byAgent.length, async (lane) => {
    for (const trace of lane) told.set(trace, await tellTrace(trace));
  });
  return told;
}

async function withPlugin({ lines }: TraceCase): Promise<readonly TraceLine[]> {
  const raw = lines.some(({ event }) => event.startsWith("event:"));
  if (!raw) return lines;
  return [...(await throughPlugin(lines)), ...lines.filter(({ event }) => event.startsWith("_"))];
}

function withLauncher(trace: TraceCase, lines: readonly TraceLine[]): TraceLine[] {
  const has = (event: string) => lines.some((line) => line.event === event);
  const start = { event: "_start", ts_ns: trace.startNs, payload: {} };
  const all = [...(has("_start") ? [] : [start]), ...lines, ...(has("_exit") ? [] : exitOf(trace))];
  return all.sort((a, b) => a.ts_ns - b.ts_ns);
}

function exitOf({ exit, startNs }: TraceCase): TraceLine[] {
  if (!exit) return [];
  const payload = exit.how.startsWith("SIG") ? { exit_signal: exit.how } : { exit_code: 0 };
  return [{ event: "_exit", ts_ns: startNs + exit.at_ms * 1e6, payload }];
}

function witnessOf(harnessId: string, trace: TraceCase): Record<string, string> {
  const spec = BUILT_IN_SPECS.find(({ id }) => id === harnessId);
  const launch = trace.lines.find(({ event }) => event === "_launch");
  const home = String(launch?.payload.home ?? `${BENCH}/homes/${trace.agent}`);
  const found = Object.entries(spec?.witness ?? {}).flatMap(([key, candidates]) =>
    candidates
      .filter((candidate) => candidate.startsWith("{HOME}"))
      .slice(0, 1)
      .map((candidate) => [key, candidate.replace("{HOME}", home)]),
  );
  return Object.fromEntries(found);
}

/** The agent's process is the one that replays: witnesses ask whether it lives. */
const AGENT: ReplayedAgent = { pid: process.pid, ticks: startTicksOf(process.pid) };

const SILENT: Expectation = { heard: () => false, speaks: () => false };

async function deliver(given: {
  rig: ShimRig;
  line: TraceLine;
  expected: Expectation;
  agent: ReplayedAgent;
}): Promise<Signal[]> {
  const { rig, line, expected, agent } = given;
  const { event, ts_ns, payload } = line;
  const own = { ts_ns, pid: agent.pid };
  switch (event) {
    case "_start": {
      const text = JSON.stringify({ pid: agent.pid, pid_start_ticks: agent.ticks });
      return rig.spool({ ...own, event: PROCESS_EVENTS.started, text });
    }
    case "_exit": {
      const text = JSON.stringify({ ...payload, pid: agent.pid });
      return rig.spool({ ...own, event: PROCESS_EVENTS.exited, text });
    }
    case "_witness":
    case "_bench": {
      const file = agentFileOf(line, agent);
      return file ? rig.write({ ...file, speaks: expected.speaks(file) }) : rig.take();
    }
  }
  if (event.startsWith("_")) return rig.take();
  const speaks = expected.heard(line);
  // Paths the shim opens, such as a transcript's, must be those of the rig.
  const text = JSON.stringify(payload).replaceAll(`"${BENCH}/`, `"${rig.root}${BENCH}/`);
  return rig.spool({ event: installedName(event), text, ts_ns, pid: line.pid ?? agent.pid, speaks });
}

/** One recording installed three hooks for PreToolUse under names of their own. */
function installedName(event: string): string {
  return /^Pre[ABC]$/.test(event) ? "PreToolUse" : event;
}

/** What `ao record` wrote went through the shim already, and says what it means. */
function recordedTold({ ts_ns, payload, signal }: TraceLine): Told[] {
  if (!signal || signal.meaning === "launch_requested") return [];
  const { id, seq, kind, event, meaning, commit_ms: now } = signal;
  const observedTime = Math.round(ts_ns / 1e6);
  const fields = payload;
  return [
    { signal: { id, seq, kind, event, launchId: "l1", harness: "", observedTime, fields }, meaning, now },
  ];
}
