import { type Reason, reason } from "./reason.ts";

/** Reasons about projects and their repositories. */
export const projectReasons = {
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
  PROJECT_NOT_REGISTERED: reason(
    "precondition",
    (m) => `"${m.path}" is in no registered project`,
    (m) => String(m.hint ?? "Register it: `ao project add .`"),
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
} as const satisfies Record<string, Reason>;
