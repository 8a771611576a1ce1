import { AoError } from "../../core/errors.ts";
import { newLaunchId } from "../../core/ids.ts";
import type { Harness } from "../../core/ports/harnesses.ts";
import { initialFacts } from "../../core/reducer/initial-facts.ts";
import type { RestoreMode } from "../../core/restore-plan.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { findHarness, findProject, locateBinary, mayRun, requireRuntime } from "../lookups.ts";
import { newLaunch } from "../new-launch.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { attemptStart } from "./attempt-start.ts";
import type { LaunchFiles } from "./launch-files.ts";
import { awaitNoLeftovers } from "./leftovers.ts";
import { type PlanRestore, savedPrompt } from "./plan-restore.ts";
import { newSessionToken } from "./session-token.ts";
import { startLaunch } from "./start-launch.ts";

export interface RestoreRequest {
  session: Session;
  prompt: string;
  /** Start a new conversation, whatever there is to resume. */
  fresh?: boolean;
  environment?: Readonly<Record<string, string>>;
}

interface RestoreParts {
  deps: LifecycleDeps;
  files: LaunchFiles;
  plan: PlanRestore;
  outbox: Outbox;
}

/** Starts a new launch of an ended session: the agent's own conversation, else its saved prompt, else says why not. */
export async function restoreSession(
  parts: RestoreParts,
  request: RestoreRequest,
): Promise<{ session: Session; mode: RestoreMode }> {
  const { deps, files } = parts;
  const { session } = request;
  if (mayRun(session)) throw new AoError("SESSION_RUNNING", { session: session.id });
  await awaitNoLeftovers(deps, session);
  const project = await findProject(deps.store, session.projectId);
  const harness = await findHarness(deps, session.harness);
  const { mode, ...how } = await continuation(parts, request);
  const binary = await locateBinary(harness, request.environment ?? deps.daemonEnv);
  await requireRuntime(deps, session.runtime);
  await deps.harnesses.release(files.dir(session.id, session.facts.launchId));
  await deps.workspaces.recreate({ ...session.workspace, repository: project.path });
  const { relaunched, token } = await insertLaunch(deps, session, { harness, ...how });
  await attemptStart(deps, relaunched, async (undo) => {
    const { environment } = request;
    const start = { session: relaunched, project, harness, binary, token, ...how, environment };
    await startLaunch(parts, start, undo);
  });
  deps.log.info({ sessionId: session.id, mode, nativeSessionId: how.resumeId }, "session restored");
  return { session: (await deps.book.get(session.id)) ?? relaunched, mode };
}

/** Native resume, by id or by directory, else the saved prompt where nothing is lost by that, else why not; a wish to start fresh overrules. */
async function continuation(parts: RestoreParts, request: RestoreRequest) {
  const { session, prompt, fresh } = request;
  const saved = () => savedPrompt(parts.deps, parts.files, session);
  if (fresh) return { prompt: prompt || ((await saved()) ?? ""), mode: "start_again" as const };
  const plan = await parts.plan(session);
  if (!plan) throw new AoError("SESSION_RUNNING", { session: session.id });
  switch (plan.mode) {
    case "resume":
      return { prompt, resumeId: plan.nativeSessionId, mode: plan.mode };
    case "resume_last":
      return { prompt, resumeLast: true, mode: plan.mode };
    case "start_again": {
      const first = (await saved()) ?? "";
      if (prompt && first)
        throw notResumable(session, "it has no conversation yet that a prompt could continue");
      return { prompt: prompt || first, mode: plan.mode };
    }
    case "impossible":
      throw notResumable(session, plan.problem ?? "nothing of it is left");
  }
}

function notResumable({ id }: Session, problem: string): AoError {
  return new AoError("NOT_RESUMABLE", { session: id, problem });
}

async function insertLaunch(
  deps: LifecycleDeps,
  session: Session,
  { harness, ...how }: { harness: Harness; prompt: string; resumeId?: string; resumeLast?: boolean },
) {
  const launchId = newLaunchId();
  const { token, digest } = newSessionToken(launchId);
  const launchTime = deps.clock.now();
  const { headless } = session.facts;
  const promptTyped = harness.typesPrompt({ ...how, headless });
  const asked = { launchId, launchTime, promptPending: how.prompt !== "", promptTyped, headless };
  const number = (await deps.store.listLaunches(session.id)).length + 1;
  deps.underway.add(launchId);
  const launch = await newLaunch(
    deps,
    { ...session, facts: initialFacts(asked, session.facts) },
    { number, tokenDigest: digest },
  );
  // The facts are taken again at commit time: a late signal may have added a native id meanwhile.
  const relaunched = await deps.book.edit(
    session.id,
    (current) => ({ ...current, facts: initialFacts(asked, current.facts) }),
    launch,
  );
  return { relaunched, token };
}
