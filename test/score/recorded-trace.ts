import { parseTrace } from "../../src/core/replay/parse-trace.ts";
import { replayTrace } from "../../src/core/replay/replay-trace.ts";
import type { Trace } from "../../src/core/replay/trace.ts";
import type { TraceCase } from "../support/trace-file.ts";
import type { Shown } from "./replay-trace.ts";

/** What `ao record` or `ao harness test` wrote, which needs no harness of this ao; undefined for hooks as they came. */
export function recordedTrace({ lines, name }: TraceCase): Trace | undefined {
  if (lines[0]?.event !== "_trace") return undefined;
  return parseTrace(lines.map((line) => JSON.stringify(line)).join("\n"), name);
}

/** What ao shows of such a recording, launch by launch; with `hooksOnly` of its hooks and starts alone. */
export function replayRecorded(
  { startNs }: TraceCase,
  { header, signals }: Trace,
  options: { hooksOnly: boolean },
): Pick<Shown, "at" | "status">[] {
  const kept = options.hooksOnly
    ? {
        header: { ...header, traits: { ...header.traits, secondWitness: false } },
        signals: signals.filter(
          ({ signal: { kind, meaning } }) =>
            kind === "hook" || meaning === "process_started" || meaning === "launch_requested",
        ),
      }
    : { header, signals };
  return replayTrace(kept).map(({ at, status }) => ({ at: at - startNs / 1e6, status }));
}
