import { type Reason, reason } from "./reason.ts";

/** Reasons about sessions: which one, and what state it is in. */
export const sessionReasons = {
  SESSION_NOT_FOUND: reason(
    "not_found",
    (m) => `no session "${m.session}"`,
    () => "See `ao ls`.",
  ),
  LAUNCH_NOT_FOUND: reason(
    "not_found",
    (m) => `no launch "${m.launch}"`,
    () => "Report with the AO_LAUNCH_ID of the session's environment.",
  ),
  NAME_AMBIGUOUS: reason(
    "precondition",
    (m) => `${m.count} sessions are named "${m.name}"`,
    () => "Use the id: see `ao ls`.",
  ),
  NAME_IN_USE: reason(
    "exists",
    (m) => `another session is named "${m.name}"`,
    () => "Choose another name.",
  ),
  SESSION_RUNNING: reason(
    "precondition",
    (m) => `session "${m.session}" still runs`,
    (m) => `End it first: \`ao session kill ${m.session}\`.`,
  ),
  PROCESSES_LEFT: reason(
    "precondition",
    (m) => `session "${m.session}" has ended, but processes of it still live: ${m.pids}`,
    (m) =>
      `Look at them with \`ps -fp ${String(m.pids).replaceAll(" ", "")}\`; end them with \`ao session kill ${m.session}\`, then try again.`,
  ),
  SESSION_NOT_RUNNING: reason(
    "precondition",
    (m) => `session "${m.session}" does not run (${m.status})`,
    (m) => `Start it again: \`ao session restore ${m.session}\`.`,
  ),
  SESSION_BLOCKED: reason(
    "precondition",
    (m) => `session "${m.session}" shows a decision dialog; typing could answer it`,
    (m) => `Decide first: \`ao attach ${m.session}\` or \`ao answer ${m.session} approve|deny\`.`,
  ),
  SESSION_BUSY: reason(
    "precondition",
    (m) => `session "${m.session}" is still ${m.status}`,
    () => "Wait longer (`--timeout`), queue it (`--when-busy queue`) or stop its turn (`--interrupt`).",
  ),
  NOT_BLOCKED: reason(
    "precondition",
    (m) => `session "${m.session}" waits for no decision (${m.status})`,
    (m) => `Look at it: \`ao attach ${m.session}\`.`,
  ),
  ANSWER_NOT_TAKEN: reason(
    "precondition",
    (m) => `session "${m.session}" did not take the answer "${m.answer}": ${m.problem}`,
    (m) => `Decide at its terminal: \`ao attach ${m.session}\`.`,
  ),
  REQUEST_NOT_FOUND: reason(
    "not_found",
    (m) => `session "${m.session}" does not wait for request "${m.request}"`,
    (m) => `See \`ao session get ${m.session}\`.`,
  ),
  NOT_RESUMABLE: reason(
    "precondition",
    (m) => `session "${m.session}" cannot be resumed: ${m.problem}`,
    (m) => `\`ao session restore --fresh ${m.session}\` starts a new conversation in its worktree.`,
  ),
  SPAWN_FAILED: reason(
    "internal",
    (m) => `session "${m.session}" could not be started: ${m.problem}`,
    (m) => `See \`ao explain ${m.session}\` and \`ao doctor\`.`,
  ),
  KILL_FAILED: reason(
    "internal",
    (m) => `session "${m.session}" still has live processes: ${m.pids}`,
    () => "Look at them with `ps`; they may belong to another user.",
  ),
  WAIT_TIMED_OUT: reason(
    "timeout",
    (m) => `session "${m.session}" is ${m.status} after ${m.seconds} s`,
    () => "Wait longer with `--timeout`.",
  ),
  REVISION_COMPACTED: reason(
    "out_of_range",
    (m) => `revision ${m.revision} is gone; the oldest kept is ${m.oldest}`,
    (m) => String(m.hint ?? "Watch again without a revision to get a snapshot."),
  ),
  REVISION_IN_FUTURE: reason(
    "out_of_range",
    (m) => `revision ${m.revision} does not exist yet; the newest is ${m.head}`,
    () => "Watch again without a revision; the database may have been replaced.",
  ),
} as const satisfies Record<string, Reason>;
