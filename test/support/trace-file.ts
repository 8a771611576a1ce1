import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** One line of a recording: a hook, or a note (`_bench`) about what was done or seen at that instant. */
export interface TraceLine {
  event: string;
  ts_ns: number;
  payload: Record<string, unknown>;
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
  headless: boolean;
  lines: TraceLine[];
  startNs: number;
  intervals: TrueInterval[];
  exit?: { at_ms: number; how: string };
  /** Root conversations, in order. */
  nativeIds: string[];
}

interface Truth {
  agent: string;
  t0_ns: number;
  intervals: TrueInterval[];
  exit: TraceCase["exit"] | null;
  native_ids: string[];
  processes?: (Omit<Truth, "processes"> & {
    name: string;
    kind: string;
    select: { session_ids: string[] };
  })[];
}

const TRACES = join(import.meta.dirname, "../traces");

/** Loads every recording of the folders whose name begins with `agent`. */
export function loadTraces(agent: string): TraceCase[] {
  return globSync(`${TRACES}/${agent}-*/*.truth.json`).sort().flatMap(loadTrace);
}

/** Agents that have recordings. */
export function recordedAgents(): string[] {
  const folders = globSync(`${TRACES}/*/*.truth.json`).map((file) => basename(dirname(file)));
  return [...new Set(folders.map((folder) => folder.replace(/-[^-]*$/, "")))].sort();
}

function loadTrace(truthFile: string): TraceCase[] {
  const truth = JSON.parse(readFileSync(truthFile, "utf8")) as Truth;
  const text = readFileSync(truthFile.replace(".truth.json", ".jsonl"), "utf8");
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as TraceLine);
  const scenario = basename(truthFile, ".truth.json");
  const name = `${basename(dirname(truthFile))}/${scenario}`;
  const common = { agent: truth.agent, headless: !scenario.startsWith("interactive"), startNs: truth.t0_ns };
  if (!truth.processes) return [{ ...common, name, lines, ...truthOf(truth) }];
  // Of a shared daemon's file the sessions are what ao would supervise; the terminals show the same hooks again.
  return truth.processes
    .filter((one) => one.kind === "daemon-session")
    .map((one) => ({
      ...common,
      name: `${name} (${one.name})`,
      lines: lines.filter((line) => one.select.session_ids.includes(String(line.payload.session_id))),
      ...truthOf(one),
    }));
}

function truthOf({ intervals, exit, native_ids }: Pick<Truth, "intervals" | "exit" | "native_ids">) {
  return { intervals, exit: exit ?? undefined, nativeIds: native_ids };
}
