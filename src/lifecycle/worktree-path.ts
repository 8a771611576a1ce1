import { join } from "node:path";
import type { Session } from "../core/session.ts";
import type { LifecycleDeps } from "./deps.ts";

/** Where the worktree of a session lies that ao has made for it alone. */
export function worktreePath(
  { worktreesDir }: Pick<LifecycleDeps["paths"], "worktreesDir">,
  { id, projectId }: Pick<Session, "id" | "projectId">,
): string {
  return join(worktreesDir, projectId, id);
}
