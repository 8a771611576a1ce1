import { type Reason, reason } from "./reason.ts";

/** Reasons why a message was not typed, or not taken. */
export const messageReasons = {
  TERMINAL_GONE: reason(
    "precondition",
    (m) => `session "${m.session}" has no terminal any more`,
    (m) => `See \`ao explain ${m.session}\`.`,
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
} as const satisfies Record<string, Reason>;
