import { AoError } from "../../core/errors.ts";
import type { Findings } from "./what-was-there.ts";

/** What the author of a harness's file may try, given how a step failed; empty where nothing is known to help. */
export function adviceFor(error: Error, found: Pick<Findings, "silent" | "events">): string {
  const known = error instanceof AoError ? ADVICE_BY_REASON[error.reason] : undefined;
  if (known) return known;
  if (found.silent) return NEVER_HEARD;
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

const NOTHING_CAME =
  "it may not have read keys yet when the text was typed: `screen.composer` makes ao wait until the composer is there, and see the text arrive";
