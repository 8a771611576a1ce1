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

/** A line of a recording that holds a signal. */
export interface SignalLine {
  /** The agent's own name of a hook; `_start`, `_exit`, `_witness`, `_probe`, `_request` for what ao saw by itself. */
  event: string;
  ts_ns: number;
  payload: SignalFields;
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
  /** False when prompts and messages stand in it as they were. */
  redacted: boolean;
  /** Launches whose beginning is gone from the log, and so from the recording: `<launch>: <what is gone>`. */
  compacted: readonly string[];
}

/** What `ao record` writes, in the order of the log. */
export interface Trace {
  header: TraceHeader;
  signals: readonly SignalLine[];
}
