import { type Reason, reason } from "./reason.ts";

/** Reasons about branches, worktrees and saved work. */
export const workspaceReasons = {
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
} as const satisfies Record<string, Reason>;
