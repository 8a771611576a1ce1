import type { Harness } from "../../src/core/ports/harnesses.ts";
import { initialFacts } from "../../src/core/reducer/initial-facts.ts";
import { reduce } from "../../src/core/reducer/reduce.ts";
import type { Facts, Status } from "../../src/core/session.ts";
import type { Meaning, Signal, SignalKind } from "../../src/core/signal.ts";
import { deriveStatus, nextStatusChange } from "../../src/core/status.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { type ClaudeStatus, claudeTestimony } from "../../src/shim/witness/claude-status.ts";
import { throughPlugin } from "./opencode-lines.ts";
import type { TraceCase, TraceLine } from "./trace-file.ts";

/** Harness that speaks for an agent's recordings. */
export const HARNESS_OF: Readonly<Record<string, string>> = {
  claude: "claude-code",
  codex: "codex",
  opencode: "opencode",
};

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

/** A signal with its meaning. */
export interface Told {
  signal: Signal;
  meaning: Meaning;
}

/**
 * Replays a recording through the real harness and the real reducer, as time went by then.
 *
 * The process's start (at the first line) and end (the truth's) are what the launcher would say; with `witness` the
 * recording's notes of claude's own status file speak too.
 */
export async function replay(trace: TraceCase, options: { witness: boolean }): Promise<Replay> {
  const harness = harnessOf(trace);
  const told = await tellTrace(trace, options);
  const shown: Shown[] = [];
  let facts = initialFacts({
    launchId: "l1",
    launchTime: trace.startNs / 1e6,
    promptPending: trace.headless,
    headless: trace.headless,
  });
  const show = (time: number) => {
    const { status } = deriveStatus(facts, harness.traits, time);
    shown.push({ at: time - trace.startNs / 1e6, status, backgroundTasks: facts.backgroundTasks });
  };
  for (const [index, { signal, meaning }] of told.entries()) {
    const now = signal.observedTime;
    facts = reduce(facts, { signal, meaning }, now, harness.traits).facts;
    show(now);
    const until = told[index + 1]?.signal.observedTime ?? endOf(trace);
    let next = nextStatusChange(facts, harness.traits, now);
    for (; next !== undefined && next < until; next = nextStatusChange(facts, harness.traits, next))
      show(next);
  }
  return { shown, facts };
}

/** The recording as signals, in order of time. */
export async function tellTrace(trace: TraceCase, options: { witness: boolean }): Promise<Told[]> {
  const harness = harnessOf(trace);
  const lines = trace.agent === "opencode" ? await throughPlugin(trace.lines) : trace.lines;
  const start = process("process_started", trace.startNs, { pid: 1, pidStartTicks: 1 });
  const told = lines.flatMap((line, index) => tellLine(line, index, { harness, ...options }));
  return [start, ...told, ...tellExit(trace)].sort((a, b) => a.signal.observedTime - b.signal.observedTime);
}

function harnessOf(trace: TraceCase): Harness {
  return createHarnesses().get(HARNESS_OF[trace.agent] ?? trace.agent);
}

function tellLine(
  line: TraceLine,
  index: number,
  { harness, witness }: { harness: Harness; witness: boolean },
): Told[] {
  const id = `${index}`;
  if (line.event === "_bench") return witness ? tellNote(line, id) : [];
  if (line.event.startsWith("_")) return [];
  // One recording installed three hooks for PreToolUse under names of their own.
  const event = /^Pre[ABC]$/.test(line.event) ? "PreToolUse" : line.event;
  const fields = harness.extract(event, JSON.stringify(line.payload));
  const meaning = harness.interpret(event, fields);
  const known = { id, launchId: "l1", seq: index, observedTime: line.ts_ns / 1e6, harness: harness.id };
  if (!meaning) throw new Error(`the event table of ${harness.id} has no "${event}"`);
  return [{ signal: { ...known, kind: "hook", event, fields }, meaning }];
}

const NOTE = /^sessions\/<pid>\.json: status:(?<status>\w+)(?: waitingFor:(?<waitingFor>.*\S))?\s*$/;

/** A note was written when the file was read, so that is its time; the real witness is told within 50 ms. */
function tellNote(line: TraceLine, id: string): Told[] {
  const found = NOTE.exec(String(line.payload.note))?.groups;
  if (!found) return [];
  const { event, fields } = claudeTestimony({
    pid: 1,
    status: found.status as ClaudeStatus["status"],
    statusUpdatedAt: line.ts_ns / 1e6,
    waitingFor: found.waitingFor,
  });
  return [make({ id, kind: "witness", meaning: event, ts_ns: line.ts_ns, fields })];
}

function tellExit(trace: TraceCase): Told[] {
  if (!trace.exit) return [];
  const { at_ms, how } = trace.exit;
  const fields = how.startsWith("SIG") ? { exitSignal: how } : { exitCode: 0 };
  return [process("process_exited", trace.startNs + at_ms * 1e6, fields)];
}

function process(
  meaning: "process_started" | "process_exited",
  ts_ns: number,
  fields: Signal["fields"],
): Told {
  return make({ id: meaning, kind: "process", meaning, ts_ns, fields });
}

function make(told: {
  id: string;
  kind: SignalKind;
  meaning: Meaning;
  ts_ns: number;
  fields: Signal["fields"];
}): Told {
  const { id, kind, meaning, ts_ns, fields } = told;
  const known = { launchId: "l1", seq: 0, observedTime: ts_ns / 1e6, harness: "replay", event: meaning };
  return { signal: { ...known, id, kind, fields }, meaning };
}

function endOf(trace: TraceCase): number {
  return trace.startNs / 1e6 + (trace.intervals.at(-1)?.to_ms ?? 0);
}
