import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { mayRun } from "../lookups.ts";
import { handleOf } from "../new-launch.ts";
import type { LaunchFiles } from "../start/launch-files.ts";
import { endHelpers } from "./end-helpers.ts";

/** Lines kept of an ended terminal, so that `ao logs` still shows why. */
const LAST_LINES = 10_000;

/** Looks after terminals of ended launches: keeps their last screen, ends their server, and takes back what their harness put into the worktree. */
export interface Undertaker {
  /** Call when a session may have ended. */
  bury(session: Session): Promise<void>;
  /** Keeps what the terminal shows now. */
  keepScreen(session: Session): Promise<void>;
}

export function createUndertaker(deps: LifecycleDeps, files: LaunchFiles): Undertaker {
  const buried = new Set<string>();
  const keepScreen = async (session: Session) => {
    const text = await deps.runtimes[session.runtime].capture(handleOf(deps, session), LAST_LINES);
    if (text?.trim()) await files.saveScreen(session.id, session.facts.launchId, text);
  };
  return {
    keepScreen,
    async bury(session) {
      const { launchId, process } = session.facts;
      if (mayRun(session) || process.state === "lost" || buried.has(launchId)) return;
      buried.add(launchId);
      // A daemon that starts looks back at ends that earlier ones have dealt with: a look at a file, not at a terminal.
      if (!files.awaitsBurial(session.id, launchId)) return;
      try {
        await keepScreen(session);
        await deps.runtimes[session.runtime].dispose(handleOf(deps, session));
        await endHelpers(deps, session, { launchId });
        await deps.harnesses.release(files.dir(session.id, launchId));
        await files.noteBurial(session.id, launchId);
      } catch (error) {
        buried.delete(launchId);
        deps.log.warn({ sessionId: session.id, err: error }, "the ended terminal could not be put away");
      }
    },
  };
}
