/** Class of an error; `wire/` maps each to one gRPC status code. */
export type ErrorKind =
  | "invalid"
  | "not_found"
  | "exists"
  | "precondition"
  | "out_of_range"
  | "unauthenticated"
  | "denied"
  | "exhausted"
  | "timeout"
  | "unavailable"
  | "unsupported"
  | "internal";

/** Values quoted in an error's text and sent as its metadata. */
export type ErrorMetadata = Readonly<Record<string, string | number>>;

interface Reason {
  kind: ErrorKind;
  /** What failed, on which quoted value. */
  message: (m: ErrorMetadata) => string;
  /** What to do next. */
  hint: (m: ErrorMetadata) => string;
}

const reason = (kind: ErrorKind, message: Reason["message"], hint: Reason["hint"]): Reason => ({
  kind,
  message,
  hint,
});

/**
 * The append-only catalogue of reasons: once released a reason keeps its name, kind and metadata keys.
 *
 * `src/README.md` lists every reason; a test compares both ways.
 */
export const REASONS = {
  INVALID_FIELD: reason(
    "invalid",
    (m) => `"${m.field}" ${m.problem}; got "${m.value}"`,
    (m) => String(m.hint ?? "Correct the value and try again."),
  ),
  INVALID_PAGE_TOKEN: reason(
    "invalid",
    () => "the page token does not belong to this request",
    () => "Start again without a page token; keep the filter the same between pages.",
  ),
  PROJECT_NOT_FOUND: reason(
    "not_found",
    (m) => `no project "${m.project}"`,
    () => "See `ao project ls`; register a repository with `ao project add PATH`.",
  ),
  PROJECT_EXISTS: reason(
    "exists",
    (m) => `project "${m.project}" is already registered for "${m.path}"`,
    () => "Choose another id with `ao project add PATH --id ID`.",
  ),
  PROJECT_IN_USE: reason(
    "precondition",
    (m) => `project "${m.project}" still has ${m.sessions} session(s)`,
    (m) => `Remove them first: \`ao session cleanup --project ${m.project}\` or \`ao session rm ID\`.`,
  ),
  PATH_NOT_FOUND: reason(
    "not_found",
    (m) => `no such directory "${m.path}"`,
    () => "Give the path of a git repository.",
  ),
  NOT_A_REPOSITORY: reason(
    "precondition",
    (m) => `"${m.path}" is not in a git repository`,
    () => "Run `git init` there, or give another path.",
  ),
  REPOSITORY_EMPTY: reason(
    "precondition",
    (m) => `the repository at "${m.path}" has no commit yet`,
    () => "Make a first commit: a worktree needs one to start from.",
  ),
  HARNESS_NOT_FOUND: reason(
    "not_found",
    (m) => `no harness "${m.harness}"`,
    (m) => String(m.hint ?? "See `ao harness ls`."),
  ),
  HARNESS_BINARY_NOT_FOUND: reason(
    "precondition",
    (m) => `the binary of harness "${m.harness}" was not found (looked for ${m.binaries})`,
    (m) => `Install it, or name it: \`${m.variable}=/path/to/binary ao spawn …\`.`,
  ),
  HARNESS_NOT_TRUSTED: reason(
    "precondition",
    (m) => `harness "${m.harness}" (${m.path}) may not run: its file is ${m.state}`,
    (m) => `Read the file, then \`ao harness trust ${m.harness}\`.`,
  ),
  HARNESS_INVALID: reason(
    "precondition",
    (m) => `harness "${m.harness}" (${m.path}) has ${m.problems} problem(s): ${m.problem}`,
    (m) => `See all of them with \`ao harness check ${m.harness}\`.`,
  ),
  HARNESS_CHANGED: reason(
    "precondition",
    (m) => `harness "${m.harness}" (${m.path}) is not the file that was looked at`,
    (m) => `Look at it again: \`ao harness check ${m.harness}\`.`,
  ),
  HARNESS_SETUP_FAILED: reason(
    "precondition",
    (m) => `harness "${m.harness}" could not be set up: ${m.problem}`,
    (m) => `Run \`ao harness get ${m.harness}\` and \`ao doctor\`.`,
  ),
  RUNTIME_UNAVAILABLE: reason(
    "precondition",
    (m) => `runtime "${m.runtime}" is not available: ${m.problem}`,
    () => "Install tmux 3.0 or newer, or use `--runtime process`.",
  ),
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
  BRANCH_IN_USE: reason(
    "precondition",
    (m) => `branch "${m.branch}" already exists or is checked out at "${m.path}"`,
    () => "Choose another with `--branch`.",
  ),
  REF_NOT_FOUND: reason(
    "precondition",
    (m) => `no commit "${m.ref}" in "${m.path}"`,
    () => "Name an existing branch or commit.",
  ),
  REQUEST_ID_REUSED: reason(
    "precondition",
    (m) => `request id "${m.request}" was used with other arguments`,
    () => "Use a fresh request id for a different request.",
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
  SALVAGE_FAILED: reason(
    "internal",
    (m) => `work of session "${m.session}" could not be saved: ${m.problem}`,
    (m) => String(m.hint ?? "Nothing was removed. Mend what it says, or save it by hand, then try again."),
  ),
  SALVAGE_NOT_FOUND: reason(
    "not_found",
    (m) => `no salvage "${m.salvage}"`,
    () => "See `ao session salvage ls`.",
  ),
  PATH_IN_USE: reason(
    "exists",
    (m) => `"${m.path}" exists already`,
    () => "Nothing was written. Name another place with `--to`, or move what stands there.",
  ),
  WORKSPACE_FAILED: reason(
    "internal",
    (m) => `git could not ${m.action} at "${m.path}": ${m.problem}`,
    (m) => String(m.hint ?? "Nothing was lost. Mend the repository, then try again."),
  ),
  TERMINAL_GONE: reason(
    "precondition",
    (m) => `session "${m.session}" has no terminal any more`,
    (m) => `See \`ao explain ${m.session}\`.`,
  ),
  UNSUPPORTED: reason(
    "unsupported",
    (m) => `${m.subject} does not support ${m.what}`,
    (m) => String(m.hint ?? "See `ao harness get HARNESS`."),
  ),
  REVISION_COMPACTED: reason(
    "out_of_range",
    (m) => `revision ${m.revision} is gone; the oldest kept is ${m.oldest}`,
    () => "Watch again without a revision to get a snapshot.",
  ),
  REVISION_IN_FUTURE: reason(
    "out_of_range",
    (m) => `revision ${m.revision} does not exist yet; the newest is ${m.head}`,
    () => "Watch again without a revision; the database may have been replaced.",
  ),
  WAIT_TIMED_OUT: reason(
    "timeout",
    (m) => `session "${m.session}" is ${m.status} after ${m.seconds} s`,
    () => "Wait longer with `--timeout`.",
  ),
  UNAUTHENTICATED: reason(
    "unauthenticated",
    () => "the call carries no valid token",
    (m) =>
      String(
        m.hint ??
          "The token is in AO_HOME/token; where that file was lost or changed, `ao restart` puts it right.",
      ),
  ),
  PERMISSION_DENIED: reason(
    "denied",
    (m) => `a session's token may not ${m.what}`,
    () => "Agents may only report signals of their own launch.",
  ),
  DAEMON_UNREACHABLE: reason(
    "unavailable",
    (m) => `no daemon answers at "${m.socket}"`,
    (m) => String(m.hint ?? "Start it with `ao start`; if it does not start, see `ao doctor`."),
  ),
  DAEMON_STOPPING: reason(
    "unavailable",
    () => "the daemon is stopping",
    () => "Try again; any command starts it.",
  ),
  ALREADY_RUNNING: reason(
    "precondition",
    (m) => `another daemon (pid ${m.pid}) holds "${m.path}"`,
    (m) => String(m.hint ?? "Use it; if it does not answer, `ao restart` ends it and starts another."),
  ),
  SOCKET_PATH_TOO_LONG: reason(
    "precondition",
    (m) => `socket path "${m.path}" has ${m.bytes} bytes; the system allows 107`,
    () => "Set AO_RUN_DIR to a short private directory, such as /tmp/ao-$USER.",
  ),
  SCHEMA_TOO_NEW: reason(
    "precondition",
    (m) => `database "${m.path}" was written by a newer ao (schema ${m.found}, this one knows ${m.known})`,
    () => "Install the newer ao; nothing was changed.",
  ),
  DATABASE_UNUSABLE: reason(
    "precondition",
    (m) => `database "${m.path}" cannot be used: ${m.problem}`,
    (m) =>
      /disk is full|no space|quota/i.test(String(m.problem))
        ? "Free some space on its disk: ao then goes on by itself, and what agents report waits in the spool."
        : "The file was left as it is. Put a copy in its place or move it away to start afresh, its -wal and -shm files with it.",
  ),
  USAGE: reason(
    "invalid",
    (m) => String(m.problem),
    (m) => String(m.hint ?? "See `ao --help`."),
  ),
  PROJECT_NOT_REGISTERED: reason(
    "precondition",
    (m) => `"${m.path}" is in no registered project`,
    (m) => String(m.hint ?? "Register it: `ao project add .`"),
  ),
  NOT_A_TERMINAL: reason(
    "precondition",
    (m) => `\`${m.command}\` needs a terminal, and this is none`,
    (m) => String(m.hint),
  ),
  COMPOSER_IN_USE: reason(
    "precondition",
    (m) => `the composer of session "${m.session}" holds a text of somebody's: "${m.draft}"`,
    (m) => `Submit or clear it: \`ao attach ${m.session}\`. Nothing was typed.`,
  ),
  TERMINAL_IN_USE: reason(
    "precondition",
    (m) => `somebody is at the terminal of session "${m.session}" (${m.doing})`,
    () => "Nothing was typed. Send it again when they are done.",
  ),
  AGENT_NOT_LISTENING: reason(
    "precondition",
    (m) => `the terminal of session "${m.session}" does not lead to its agent: ${m.problem}`,
    (m) => `Nothing was typed. Look at it: \`ao attach ${m.session}\`.`,
  ),
  MESSAGE_NOT_FOUND: reason(
    "not_found",
    (m) => `no message "${m.message}"`,
    () => "See `ao session messages ID`; ended messages are kept for 30 days.",
  ),
  MESSAGE_WITHDRAWN: reason(
    "precondition",
    (m) => `message "${m.message}" for session "${m.session}" was withdrawn on request`,
    () => "Nothing was typed. Send it again if it is still wanted.",
  ),
  MESSAGE_NOT_SUBMITTED: reason(
    "precondition",
    (m) => `the message for session "${m.session}" was ${m.stage}, not submitted: ${m.detail}`,
    (m) => `Look at it: \`ao attach ${m.session}\` or \`ao logs ${m.session}\`.`,
  ),
  TRACE_INVALID: reason(
    "invalid",
    (m) => `line ${m.line} of "${m.path}" is no recording of ao: ${m.problem}`,
    () => "Give a file that `ao record ID -o FILE` wrote, with this version of ao or an older one.",
  ),
  DAEMON_START_FAILED: reason(
    "unavailable",
    (m) => `the daemon did not start: ${m.problem}`,
    (m) => String(m.hint ?? `Its log may say more: ${m.log}`),
  ),
  CALL_TIMED_OUT: reason(
    "timeout",
    (m) => `${m.call} got no answer within ${m.seconds} s`,
    () => "The daemon may be busy or stuck: `ao restart` ends it and starts another; nothing is lost.",
  ),
  MESSAGE_TOO_LARGE: reason(
    "exhausted",
    (m) => `${m.call} moved more than one message may hold: ${m.problem}`,
    () => "Ask for less at a time, or send less.",
  ),
  SOCKET_UNUSABLE: reason(
    "precondition",
    (m) => `"${m.path}" cannot be the daemon's socket: ${m.problem}`,
    (m) => String(m.hint ?? "Set AO_RUN_DIR to a private directory of your own, such as /tmp/ao-$USER."),
  ),
  DAEMON_STOP_FAILED: reason(
    "internal",
    (m) => `the daemon (pid ${m.pid}) still runs ${m.seconds} s after it was asked to stop`,
    (m) => `Its log may say why: ${m.log}. \`kill ${m.pid}\` ends it; nothing is lost.`,
  ),
  HOME_UNUSABLE: reason(
    "precondition",
    (m) => `ao cannot keep its files at "${m.path}": ${m.problem}`,
    (m) => String(m.hint ?? "Set AO_HOME to a directory of your own on a disk you may write to."),
  ),
  CONFIG_INVALID: reason(
    "precondition",
    (m) => `configuration "${m.path}" is not usable: ${m.problem}`,
    (m) => String(m.hint ?? "Correct the file, or move it away."),
  ),
  TLS_UNUSABLE: reason(
    "precondition",
    (m) => `ao does not listen at "${m.address}": ${m.problem}`,
    (m) => String(m.hint ?? "Choose another address."),
  ),
  INTERNAL: reason(
    "internal",
    (m) => `internal error ${m.id}`,
    () => "The daemon's log has the details (`ao status` names the file).",
  ),
} as const satisfies Record<string, Reason>;

/** Name of an entry of the catalogue. */
export type ErrorReason = keyof typeof REASONS;

/** The one error type users see: a reason of the catalogue with the values it quotes. */
export class AoError extends Error {
  readonly reason: ErrorReason;
  readonly metadata: ErrorMetadata;

  constructor(reason: ErrorReason, metadata: ErrorMetadata = {}, cause?: unknown) {
    super(REASONS[reason].message(metadata), { cause });
    this.name = "AoError";
    this.reason = reason;
    this.metadata = metadata;
  }

  get kind(): ErrorKind {
    return REASONS[this.reason].kind;
  }

  get hint(): string {
    return REASONS[this.reason].hint(this.metadata);
  }
}
