import { AoError } from "../../core/errors.ts";
import type { Removal } from "../../core/ports/workspaces.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { findProject, mayRun } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";
import type { LaunchFiles } from "../start/launch-files.ts";

/** Removes an ended session; work that is nowhere else is saved first, and nothing is removed when that fails. */
export async function removeSession(
  deps: LifecycleDeps,
  files: LaunchFiles,
  session: Session,
): Promise<Removal> {
  if (mayRun(session)) throw new AoError("SESSION_RUNNING", { session: session.id });
  const tag = { sessionId: session.id };
  const left = await deps.processes.killTree({ tag, roots: [], graceMs: 2000 });
  if (left.length > 0) throw new AoError("KILL_FAILED", { session: session.id, pids: left.join(", ") });
  await deps.runtimes[session.runtime].dispose(handleOf(deps, session));
  await deps.harnesses.release(files.dir(session.id, session.facts.launchId));
  const project = await findProject(deps.store, session.projectId);
  const removal = await deps.workspaces.remove({
    ...session.workspace,
    repository: project.path,
    sessionId: session.id,
  });
  await deps.book.remove(session);
  await files.removeSession(session.id);
  deps.log.info({ sessionId: session.id, ...removal }, "session removed");
  return removal;
}
