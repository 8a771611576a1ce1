import { type Reason, reason } from "./reason.ts";

/** Reasons of calls that are wrong in themselves, or not allowed. */
export const requestReasons = {
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
  REQUEST_ID_REUSED: reason(
    "precondition",
    (m) => `request id "${m.request}" was used with other arguments`,
    () => "Use a fresh request id for a different request.",
  ),
  UNSUPPORTED: reason(
    "unsupported",
    (m) => `${m.subject} does not support ${m.what}`,
    (m) => String(m.hint ?? "See `ao harness get HARNESS`."),
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
  MESSAGE_TOO_LARGE: reason(
    "exhausted",
    (m) => `${m.call} moved more than one message may hold: ${m.problem}`,
    () => "Ask for less at a time, or send less.",
  ),
  CALL_TIMED_OUT: reason(
    "timeout",
    (m) => `${m.call} got no answer within ${m.seconds} s`,
    () => "The daemon may be busy or stuck: `ao restart` ends it and starts another; nothing is lost.",
  ),
  USAGE: reason(
    "invalid",
    (m) => String(m.problem),
    (m) => String(m.hint ?? "See `ao --help`."),
  ),
  NOT_A_TERMINAL: reason(
    "precondition",
    (m) => `\`${m.command}\` needs a terminal, and this is none`,
    (m) => String(m.hint),
  ),
  TRACE_INVALID: reason(
    "invalid",
    (m) => `line ${m.line} of "${m.path}" is no recording of ao: ${m.problem}`,
    () => "Give a file that `ao record ID -o FILE` wrote, with this version of ao or an older one.",
  ),
  INTERNAL: reason(
    "internal",
    (m) => `internal error ${m.id}`,
    () => "The daemon's log has the details (`ao status` names the file).",
  ),
} as const satisfies Record<string, Reason>;
