import { type Reason, reason } from "./reason.ts";

/** Reasons about agents and where they run. */
export const harnessReasons = {
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
} as const satisfies Record<string, Reason>;
