import { AoError } from "../../core/errors.ts";
import type { Findings } from "./what-was-there.ts";

/** What the author of a harness's file may try, given how a step failed; empty where nothing is known to help. */
export function adviceFor(
  error: Error,
  found: Pick<Findings, "silent" | "events" | "ofSubagent" | "reading">,
): string {
  if (found.ofSubagent) return OF_SUBAGENT;
  if (ranUnasked(found.events)) return RAN_UNASKED;
  const known = error instanceof AoError ? ADVICE_BY_REASON[error.reason] : undefined;
  if (known) return known;
  const unread = found.reading?.reading.kind === "unknown" && !found.reading.busy;
  if (found.silent) return unread ? `${NEVER_HEARD}. Or ${UNREAD}` : NEVER_HEARD;
  if (found.events.filter((event) => event.endsWith(" (prompt)")).length > 1) return PROMPT_TWICE;
  if (/ (denial|interrupt) \(/.test(error.message)) return SILENT_END;
  // Nothing came of a prompt that was submitted.
  if (found.events.length === 0 && / \(no change; /.test(error.message)) return NOTHING_CAME;
  return unread ? UNREAD : "";
}

/** A tool began or ended after a permission was asked for, and the step failed: nobody had answered. */
function ranUnasked(events: readonly string[]): boolean {
  const asked = events.findIndex((event) => event.endsWith(" (permission_request)"));
  return asked >= 0 && events.slice(asked).some((event) => /\((tool_start|tool_end)\)$/.test(event));
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

const OF_SUBAGENT =
  "each of its events names an agent, and ao takes such an event for a subagent's. Where the program names the root agent too, say under `payload.fields` where its fields stand, and leave out `agentId`";

const RAN_UNASKED =
  'a tool ran after its permission was asked for, and nobody had answered. Either the program takes the exit code 0 of its permission hook for an approval, and ao\'s hook takes every decision from you: give that event an entry of its own that ends otherwise (`hooks.entryOf: { EVENT: { …, command: "{command}; exit 1" } }`), or leave the event out. Or the event comes for tools that are allowed anyway: it is no `permission_request` then';

const PROMPT_TWICE =
  "an event that means `prompt` came more than once in the turn, and the last one is taken for a message in the queue. Where the program sends it for its own purposes too, give those a row of their own, such as `when: [{ field: prompt, present: false }]` with `means: prompt_synthetic`";

const SILENT_END =
  "no event told of the end: give `screen.busy` (how a running turn looks) and `screen.ready`, and ao sees the turn's end there";

const NOTHING_CAME =
  "it may not have read keys yet when the text was typed: `screen.composer` makes ao wait until the composer is there, and see the text arrive";

const UNREAD =
  "no row of `screen` knows what the terminal shows: a dialog before the first word belongs into `screen.gates` (the test then says where to answer it, and waits), any other into `dialog`, a running turn into `busy`, the empty composer into `ready`";
