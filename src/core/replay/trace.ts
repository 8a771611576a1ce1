import type { HarnessTraits } from "../reduce-types.ts";
import type { Status } from "../session.ts";
import type { Meaning, Signal, SignalFields, SignalOutcome } from "../signal.ts";

/** Version of what `ao record` writes; a higher one is refused. */
export const TRACE_FORMAT = 1;

/** A signal as the daemon logged it, beside its fields; `test/traces/README.md` has the words. */
export interface RecordedSignal extends Pick<Signal, "id" | "seq" | "kind" | "event"> {
  launch: string;
  /** What the harness's event table made of it; the table itself is not needed to replay. */
  meaning: Meaning;
  /** Epoch ms; the reducer's `now`. */
  commit_ms: number;
  outcome: SignalOutcome;
  rule: string;
  reason: string;
  /** What the daemon showed after it. */
  status: Status;
}

/** What ao kept of a payload; a launch's own line says how it was asked for. */
export interface TracePayload extends SignalFields {
  prompt_pending?: boolean;
  headless?: boolean;
}

/** A line of a recording that holds a signal. */
export interface SignalLine {
  /** The agent's own name of a hook; a word with `_` in front for what no hook told. */
  event: string;
  ts_ns: number;
  payload: TracePayload;
  signal: RecordedSignal;
}

/** What a recording's first line says of the session. */
export interface TraceHeader {
  format: number;
  /** Version of ao that wrote it. */
  ao: string;
  session: string;
  harness: string;
  traits: HarnessTraits;
  /** When it was written, epoch ms: until then nothing else came. */
  recorded_ms: number;
  /** False when prompts and messages stand in it as they were. */
  redacted: boolean;
  /** What the log no longer had, a sentence each. */
  compacted: readonly string[];
}

/** What `ao record` writes, in the order of the log. */
export interface Trace {
  header: TraceHeader;
  signals: readonly SignalLine[];
}
