import type { MeantRow } from "../ports/store.ts";
import type { HarnessTraits } from "../reduce-types.ts";
import type { Meaning, Signal } from "../signal.ts";
import { createRedactor, type Redactor } from "./redact.ts";
import { type SignalLine, TRACE_FORMAT, type Trace, type TracePayload } from "./trace.ts";

/** Makes a recording of a session's log: `rows` oldest first. */
export function makeTrace(recording: {
  ao: string;
  session: string;
  harness: string;
  /** Epoch ms. */
  createTime: number;
  traits: HarnessTraits;
  rows: readonly MeantRow[];
  home: string;
  withText: boolean;
  now: number;
}): Trace {
  const { ao, session, harness, traits, rows, withText, now } = recording;
  const redactor = createRedactor(recording);
  return {
    header: {
      format: TRACE_FORMAT,
      ao,
      session,
      harness,
      traits,
      recorded_ms: now,
      redacted: !withText,
      compacted: missingOf(recording),
    },
    signals: rows.map((row) => lineOf(row, redactor)),
  };
}

/** A launch is asked for within moments of its session's making. */
const FIRST_LAUNCH_MS = 10_000;

/** The log is cut at one place: what is missing is all that came before its oldest signal. */
function missingOf({ rows, createTime }: { rows: readonly MeantRow[]; createTime: number }): string[] {
  const [oldest] = rows;
  if (!oldest) return ["every signal: the log holds none of this session any more"];
  const begins = oldest.meaning === "launch_requested";
  if (begins && oldest.signal.observedTime - createTime < FIRST_LAUNCH_MS) return [];
  return [`everything before ${new Date(oldest.commitTime).toISOString()}`];
}

function lineOf(row: MeantRow, redactor: Redactor): SignalLine {
  const { signal, meaning, outcome, rule, reason, statusAfter, commitTime } = row;
  const raw = [signal.event, ...Object.values(signal.fields).filter((value) => typeof value === "string")];
  return {
    event: eventName(signal, meaning, redactor),
    ts_ns: signal.observedTime * 1e6,
    payload: payloadOf(signal, meaning, redactor),
    signal: {
      id: redactor.word(signal.id),
      launch: signal.launchId,
      seq: signal.seq,
      kind: signal.kind,
      event: redactor.word(signal.event),
      meaning,
      commit_ms: commitTime,
      outcome,
      rule,
      reason: redactor.sentence(reason, raw),
      status: statusAfter,
    },
  };
}

function payloadOf({ fields }: Signal, meaning: Meaning, redactor: Redactor): TracePayload {
  const kept = redactor.fields(fields);
  if (meaning !== "launch_requested") return kept;
  return { ...kept, prompt_pending: fields.type === "prompt", headless: fields.source === "headless" };
}

function eventName({ kind, event }: Signal, meaning: Meaning, redactor: Redactor): string {
  switch (kind) {
    case "hook":
    case "report":
      return redactor.word(event);
    case "process":
      return meaning === "process_started" ? "_start" : "_exit";
    case "witness":
      return "_witness";
    case "probe":
      return "_probe";
    case "request":
      return meaning === "launch_requested" ? "_launch" : "_request";
  }
}

/** A recording as JSON lines. */
export function formatTrace({ header, signals }: Trace): string {
  const ts_ns = signals[0]?.ts_ns ?? header.recorded_ms * 1e6;
  const first = { event: "_trace", ts_ns, payload: header };
  return `${[first, ...signals].map((line) => JSON.stringify(line)).join("\n")}\n`;
}
