import { existsSync } from "node:fs";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { worktreePath } from "../worktree-path.ts";
import type { LaunchFiles } from "./launch-files.ts";

/**
 * Why the last conversation of a session's directory may not be its own; undefined when nobody else can have had one
 * there: the directory is the worktree ao made for this session, it is still there, and its agent has worked in it under
 * this very path.
 */
export async function foreignDirectory(
  { paths, store }: Pick<LifecycleDeps, "paths" | "store">,
  files: Pick<LaunchFiles, "readWorkspacePath">,
  session: Session,
): Promise<string | undefined> {
  const {
    id,
    workspace: { path },
  } = session;
  if (path !== worktreePath(paths, session))
    return `"${path}" is not its own worktree: the last conversation there may be somebody else's`;
  if (!existsSync(path)) return `its worktree "${path}" is gone, and its conversation may be gone with it`;
  const worked = await lastWorkedIn(await store.listLaunches(id), files);
  if (worked === undefined) return "where its agent has worked is not known any more";
  return worked === path ? undefined : `its conversation was held in "${worked}", before AO_HOME was moved`;
}

async function lastWorkedIn(
  launches: readonly { id: string; sessionId: string }[],
  files: Pick<LaunchFiles, "readWorkspacePath">,
): Promise<string | undefined> {
  for (const { id, sessionId } of launches.toReversed()) {
    const path = await files.readWorkspacePath(sessionId, id);
    if (path !== undefined) return path;
  }
  return undefined;
}
