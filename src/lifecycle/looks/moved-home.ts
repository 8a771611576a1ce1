import { AoError } from "../../core/errors.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { findProject, mayRun } from "../lookups.ts";
import { worktreePath } from "../worktree-path.ts";

/**
 * Where AO_HOME was moved, finds each session's worktree at its new place; else a restore would make a new one at the
 * old place, without what was not committed. Call it once, before anybody is served.
 *
 * The newest session tells whether it was moved, so that a start does not read all of them.
 */
export async function followMovedHome(deps: LifecycleDeps): Promise<void> {
  const [newest] = (await deps.store.listSessions({ limit: 1 })).rows;
  if (!newest || worktreePath(deps.paths, newest) === newest.workspace.path) return;
  const from = newest.workspace.path;
  deps.log.warn(
    { from, to: deps.paths.worktreesDir },
    "AO_HOME was moved; its worktrees are looked for here",
  );
  for (const id of await deps.store.listSessionIds()) {
    const session = await deps.book.get(id);
    if (session) await follow(deps, session);
  }
}

async function follow(deps: LifecycleDeps, session: Session): Promise<void> {
  const { id, workspace } = session;
  const to = worktreePath(deps.paths, session);
  try {
    const { path: repository } = await findProject(deps.store, session.projectId);
    if (!(await deps.workspaces.follow({ repository, from: workspace.path, to }))) return;
  } catch (error) {
    if (!(error instanceof AoError)) throw error;
    deps.log.warn({ sessionId: id, err: error }, "its worktree could not be followed to the new home");
    return;
  }
  await deps.book.edit(id, (now) => ({ ...now, workspace: { ...now.workspace, path: to } }));
  if (mayRun(session))
    deps.log.warn(
      { sessionId: id },
      "its agent still reports to the home that was moved; end and restore it",
    );
}
