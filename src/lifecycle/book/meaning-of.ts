import { PROCESS_EVENTS } from "../../core/launch-manifest.ts";
import type { Harnesses } from "../../core/ports/harnesses.ts";
import { MEANINGS, type Meaning, type Signal } from "../../core/signal.ts";

const MEANING_SET: ReadonlySet<string> = new Set(MEANINGS);

/**
 * What a signal of a session of `harnessId` means; undefined for an event its table does not know.
 *
 * Hooks and reports speak the agent's language; everything else is ao's own and names its meaning.
 */
export function meaningOf(signal: Signal, harnessId: string, harnesses: Harnesses): Meaning | undefined {
  switch (signal.kind) {
    case "hook":
    case "report":
      return harnesses.find(harnessId)?.interpret(signal.event, signal.fields);
    case "process":
      return signal.event === PROCESS_EVENTS.started ? "process_started" : "process_exited";
    case "witness":
    case "probe":
    case "request":
      return MEANING_SET.has(signal.event) ? (signal.event as Meaning) : undefined;
  }
}
