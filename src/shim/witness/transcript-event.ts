import { type SignalFields, WITNESS_NO_DIALOG } from "../../core/signal.ts";
import type { Testimony } from "./witness-signal.ts";

/** One thing an agent's own transcript tells, whatever the agent. */
export interface TranscriptEvent {
  /**
   * `active`: the turn begins or goes on. `answered`: it is over, or goes on with a prompt that was queued. `idle`,
   * `interrupted`, `failed`: it is over. `asked`: a dialog opens. `approved`, `refused`: it is answered. `retold`: what is
   * old is written anew, as if it happened now. `said`: the agent's words to its person; the last of a turn go out with
   * its end.
   */
  kind:
    | "active"
    | "answered"
    | "idle"
    | "interrupted"
    | "failed"
    | "asked"
    | "approved"
    | "refused"
    | "retold"
    | "said";
  /** The line's own time, epoch ms. */
  at: number;
  /** The request of `asked`, `approved` and `refused`; of others what tells two of one time apart. */
  key: string;
  /** Of `asked`; "permission" where it does not say. */
  dialog?: "permission" | "question";
  /** Of a failure, of `said` and of an end whose last words were `said`: at most 500 characters. */
  message?: string;
}

/** What an event testifies; `answered`, `refused`, `retold` and `said` nothing: what becomes of the turn comes apart. */
export function transcriptTestimony(
  { kind, at, key, message, dialog = "permission" }: TranscriptEvent,
  { source, whose }: { source: string; whose: SignalFields },
): Testimony | undefined {
  const said = { id: `${source}-${at}-${kind}-${key}`, at, fields: whose };
  switch (kind) {
    case "active":
      return { ...said, event: "witness_active" };
    case "idle":
      return {
        ...said,
        event: "witness_idle",
        fields: message === undefined ? whose : { ...whose, message },
      };
    case "interrupted":
      return { ...said, event: "turn_interrupted" };
    case "failed":
      return { ...said, event: "turn_failed", fields: { ...whose, message } };
    case "asked":
      return { ...said, event: "witness_blocked", fields: { ...whose, type: dialog } };
    case "approved":
      return { ...said, event: "witness_active", fields: { ...whose, type: WITNESS_NO_DIALOG } };
    case "answered":
    case "refused":
    case "retold":
    case "said":
      return undefined;
  }
}
