import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { findProject } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";
import { reportNotStarted } from "./attempt-start.ts";
import type { LaunchFiles } from "./launch-files.ts";
import { endTree } from "./start-launch.ts";
import { createUndoStack } from "./undo-stack.ts";

/** Settles launches whose daemon ended while it was starting them: nothing ran, so nothing was lost. */
export interface AbandonedStarts {
  /**
   * Undoes what was done of the start and says so in the row. False, with nothing changed, for a launch that this daemon
   * is starting, whose launcher ran or whose terminal is there: that one may live.
   */
  settle(session: Session): Promise<boolean>;
}

/** What the row says. */
const MESSAGE = "the daemon ended while it was being started; nothing of it ran";

export function createAbandonedStarts(deps: LifecycleDeps, files: LaunchFiles): AbandonedStarts {
  const settling = new Map<string, Promise<boolean>>();
  const settle = async (session: Session): Promise<boolean> => {
    if (!(await isAbandoned(deps, files, session))) return false;
    deps.log.warn({ sessionId: session.id }, "its start was broken off when a daemon ended; it is undone");
    await undoStart(deps, files, session);
    await reportNotStarted(deps, session, MESSAGE);
    return true;
  };
  return {
    settle(session) {
      const { launchId } = session.facts;
      const running = settling.get(launchId);
      if (running) return running;
      const started = settle(session).finally(() => settling.delete(launchId));
      settling.set(launchId, started);
      return started;
    },
  };
}

async function isAbandoned(deps: LifecycleDeps, files: LaunchFiles, session: Session): Promise<boolean> {
  const { launchId, process } = session.facts;
  if (process.state !== "starting" || deps.underway.has(launchId)) return false;
  if (files.hasRun(session.id, launchId)) return false;
  return (await deps.runtimes[session.runtime].probe(handleOf(deps, session))) === "dead";
}

/** A restore's start leaves the worktree: it is the session's, not the launch's. */
async function undoStart(deps: LifecycleDeps, files: LaunchFiles, session: Session): Promise<void> {
  const { launchId } = session.facts;
  const undo = createUndoStack(deps.log, { sessionId: session.id });
  const [first] = await deps.store.listLaunches(session.id);
  if (first === undefined || first.id === launchId) {
    undo.push("worktree", async () => {
      const { path: repository } = await findProject(deps.store, session.projectId);
      await deps.workspaces.remove({ ...session.workspace, repository, sessionId: session.id });
    });
  }
  undo.push("launch files", () => files.removeLaunch(session.id, launchId));
  undo.push("terminal", () => deps.runtimes[session.runtime].dispose(handleOf(deps, session)));
  undo.push("processes", () => endTree(deps, session));
  await undo.run();
}
