import { AoError } from "../../core/errors.ts";
import type { Findings } from "./what-was-there.ts";

/** What the author of a harness's file may try, given how a step failed; empty where nothing is known to help. */
export function adviceFor(error: Error, found: Pick<Findings, "silent" | "events">): string {
  const known = error instanceof AoError ? ADVICE_BY_REASON[error.reason] : undefined;
  if (known) return known;
  if (found.silent) return NEVER_HEARD;
  if (found.events.filter((event) => event.endsWith(" (prompt)")).length > 1) return PROMPT_TWICE;
  if (/ (denial|interrupt) \(/.test(error.message)) return SILENT_END;
  // Nothing came of a prompt that was submitted.
  return found.events.length === 0 && / \(no change; /.test(error.message) ? NOTHING_CAME : "";
}

const ADVICE_BY_REASON: Readonly<Partial<Record<AoError["reason"], string>>> = {
  NOT_BLOCKED:
    "ao presses a key only while it sees the dialog: `screen.dialog` must match what the terminal shows then",
  COMPOSER_IN_USE:
    "some programs put the prompt back into their composer when they are interrupted: `keys.clear` names the keys that empty it; and a text that an empty composer shows belongs into `screen.placeholders`",
  AGENT_NOT_LISTENING: "`screen.ready` and `screen.composer` must match what the terminal shows",
  SESSION_BLOCKED: "`screen.dialog` and `screen.gates` must match nothing but an open dialog",
};

const NEVER_HEARD =
  "see that the program takes up what `hooks.args` and `hooks.env` give it, or reads the file in its worktree, and what its own log says of hooks";

const PROMPT_TWICE =
  "an event that means `prompt` came more than once in the turn, and the last one is taken for a message in the queue. Where the program sends it for its own purposes too, give those a row of their own, such as `when: [{ field: prompt, present: false }]` with `means: prompt_synthetic`";

const SILENT_END =
  "no event told of the end: give `screen.busy` (how a running turn looks) and `screen.ready`, and ao sees the turn's end there";

const NOTHING_CAME =
  "it may not have read keys yet when the text was typed: `screen.composer` makes ao wait until the composer is there, and see the text arrive";
