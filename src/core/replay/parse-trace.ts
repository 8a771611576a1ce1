import { answersFirstOf } from "../answers-first.ts";
import { AoError } from "../errors.ts";
import { STATUSES } from "../session.ts";
import { MEANINGS, type SignalKind } from "../signal.ts";
import { type SignalLine, TRACE_FORMAT, type Trace, type TraceHeader } from "./trace.ts";

const KINDS: readonly SignalKind[] = ["hook", "process", "witness", "probe", "report", "request"];

/** Reads what `ao record` wrote; throws TRACE_INVALID naming the line. `path` is for the error's text. */
export function parseTrace(text: string, path: string): Trace {
  const lines = text.split("\n").map((line, index) => ({ line, number: index + 1 }));
  const [first, ...rest] = lines.filter(({ line }) => line.trim() !== "");
  const fail = (number: number, problem: string): never => {
    throw new AoError("TRACE_INVALID", { path, line: number, problem });
  };
  if (!first) return fail(1, "it is empty");
  const header = headerOf(objectOf(first, fail), (problem) => fail(first.number, problem));
  return {
    header,
    signals: rest.map((line) => signalOf(objectOf(line, fail), (problem) => fail(line.number, problem))),
  };
}

type Fields = Record<string, unknown>;
type Fail = (problem: string) => never;

function objectOf(
  { line, number }: { line: string; number: number },
  fail: (number: number, problem: string) => never,
): Fields {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : fail(number, "it is not a JSON object");
  } catch (error) {
    if (error instanceof SyntaxError) return fail(number, "it is not JSON");
    throw error;
  }
}

function headerOf({ event, payload }: Fields, fail: Fail): TraceHeader {
  if (event !== "_trace" || !isObject(payload)) return fail('it does not begin with a "_trace" line');
  const { format, ao, session, harness, traits, recorded_ms, redacted, compacted } = payload;
  if (!isNumber(format)) return fail('it has no number "format"');
  if (format > TRACE_FORMAT) return fail(`it has format ${format}; this ao reads up to ${TRACE_FORMAT}`);
  if (!isObject(traits) || typeof traits.hooks !== "boolean") return fail('it has no "traits"');
  const firstSignal = traits.firstSignal === "prompt" ? "prompt" : "launch";
  return {
    format,
    ao: String(ao),
    session: String(session),
    harness: String(harness),
    traits: {
      hooks: traits.hooks,
      firstSignal,
      secondWitness: traits.secondWitness === true,
      silentAnswers: traits.silentAnswers === true,
      ...answersFirstOf(traits.answersFirst),
      ...(Array.isArray(traits.subagentTools) && { subagentTools: traits.subagentTools.map(String) }),
    },
    recorded_ms: isNumber(recorded_ms) ? recorded_ms : fail('it has no number "recorded_ms"'),
    redacted: redacted !== false,
    compacted: Array.isArray(compacted) ? compacted.map(String) : [],
  };
}

function signalOf({ event, ts_ns, payload, signal }: Fields, fail: Fail): SignalLine {
  if (typeof event !== "string" || !isNumber(ts_ns)) return fail('it has no "event" and "ts_ns"');
  if (!isObject(signal)) {
    return fail('it has no "signal": a raw recording of hooks is scored with `npm run score`, not replayed');
  }
  const { id, launch, meaning, kind, commit_ms, status } = signal;
  if (typeof id !== "string" || typeof launch !== "string")
    return fail('its signal has no "id" and "launch"');
  if (!isNumber(commit_ms)) return fail('its signal has no number "commit_ms"');
  const known = (value: unknown, words: readonly string[], what: string) =>
    words.some((word) => word === value) ||
    fail(`its signal has the ${what} ${JSON.stringify(value)}, unknown here`);
  known(meaning, MEANINGS, "meaning");
  known(kind, KINDS, "kind");
  known(status, STATUSES, "status");
  // What is read of the rest is text that is shown, and fields that the reducer takes as they come from any client.
  return { event, ts_ns, payload: isObject(payload) ? payload : {}, signal } as unknown as SignalLine;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
