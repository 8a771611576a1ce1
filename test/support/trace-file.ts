import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { RecordedSignal } from "../../src/core/replay/trace.ts";
import { chooseLines, type LineChoice } from "./choose-lines.ts";

/** One line of a recording: a hook; what ao's launcher or a witness file said; or a note about that instant. README.md. */
export interface TraceLine {
  event: string;
  ts_ns: number;
  payload: Record<string, unknown>;
  pid?: number;
  ppid?: number;
  /** In what `ao record` wrote: the signal as it was logged, in place of a payload. */
  signal?: RecordedSignal;
}

/** States an expert at the terminal would name. */
export type TrueState = "not_started" | "idle" | "active" | "blocked" | "waiting_input" | "exited";

/** A stretch of time of which the truth is known; ms since the recording's start. */
export interface TrueInterval {
  from_ms: number;
  to_ms: number;
  state: TrueState;
  sure: boolean;
}

/** One agent process of a recording: its lines and the truth about it. */
export interface TraceCase {
  /** `<folder>/<scenario>`, with the process where a file holds several. */
  name: string;
  agent: string;
  /** Agent and version. */
  build: string;
  headless: boolean;
  lines: TraceLine[];
  startNs: number;
  intervals: TrueInterval[];
  exit?: { at_ms: number; how: string };
  /** Root conversations, in order; undefined where the observer could not tell. */
  nativeIds?: string[];
}

interface Truth {
  /** By default what the folder's name says. */
  agent?: string;
  version?: string;
  t0_ns: number;
  intervals: TrueInterval[];
  exit: TraceCase["exit"] | null;
  native_ids?: string[];
  processes?: (Omit<Truth, "processes"> & { name: string; kind?: string; select: LineChoice })[];
}

/** The recordings in this repository. */
export const TRACES = join(import.meta.dirname, "../traces");

/** Loads every recording of `agent`, or of all agents, below `dir`; those without truth labels are left out. */
export function loadTraces(agent?: string, dir = TRACES): TraceCase[] {
  const all = globSync(`${dir}/**/*.truth.json`).sort().flatMap(loadTrace);
  return all.filter((trace) => agent === undefined || trace.agent === agent);
}

/** Agents that have recordings. */
export function recordedAgents(): string[] {
  return [...new Set(loadTraces().map((trace) => trace.agent))].sort();
}

function loadTrace(truthFile: string): TraceCase[] {
  const truth = JSON.parse(readFileSync(truthFile, "utf8")) as Truth;
  const linesFile = truthFile.replace(".truth.json", ".jsonl");
  if (!existsSync(linesFile)) throw new Error(`"${truthFile}" has no recording "${linesFile}" beside it`);
  const lines = readFileSync(linesFile, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as TraceLine);
  const scenario = basename(truthFile, ".truth.json");
  const folder = basename(dirname(truthFile));
  const { agent = folder.replace(/-v?\d.*$/, ""), version = folder.slice(agent.length + 1) } = truth;
  const common = { agent, build: `${agent} ${version}`.trim() };
  const name = `${folder}/${scenario}`;
  const whole = { ...common, name, headless: isHeadless(scenario, lines), startNs: truth.t0_ns };
  if (!truth.processes) return [{ ...whole, lines, ...truthOf(truth) }];
  // Of a shared daemon's file the sessions are what ao would supervise; the terminals show the same hooks again.
  const isShown = truth.processes.some(({ kind }) => kind === "daemon-session");
  return truth.processes
    .filter(({ kind }) => !isShown || kind === "daemon-session")
    .map((one) => ({
      ...whole,
      startNs: one.t0_ns ?? truth.t0_ns,
      name: `${name} (${one.name})`,
      lines: chooseLines(lines, one.select, truth.t0_ns),
      ...truthOf(one),
    }));
}

function isHeadless(scenario: string, lines: readonly TraceLine[]): boolean {
  const launch = lines.find((line) => line.event === "_launch");
  return launch ? launch.payload.headless === true : !scenario.startsWith("interactive");
}

function truthOf({ intervals, exit, native_ids }: Pick<Truth, "intervals" | "exit" | "native_ids">) {
  return { intervals, exit: exit ?? undefined, nativeIds: native_ids };
}
