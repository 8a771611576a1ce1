import { existsSync } from "node:fs";
import {
  endedUnasked,
  lostConversation,
  mayHaveConversed,
  type RestorePlan,
} from "../../core/restore-plan.ts";
import type { Project, Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { mayRun } from "../lookups.ts";
import { foreignDirectory } from "./foreign-directory.ts";
import type { LaunchFiles } from "./launch-files.ts";
import type { Transcripts } from "./transcripts.ts";

/** Tells what a restore of a session would do; undefined while it may run. Changes nothing. */
export type PlanRestore = (session: Session, projects?: ProjectsSeen) => Promise<RestorePlan | undefined>;

/** Projects looked up for one answer, so that a list of sessions asks for each only once. */
export type ProjectsSeen = Map<string, Promise<Project | undefined>>;

export function createPlanRestore(
  deps: LifecycleDeps,
  files: LaunchFiles,
  transcripts: Transcripts,
): PlanRestore {
  return async (session, projects = new Map()) => {
    if (mayRun(session)) return undefined;
    const { facts } = session;
    const unasked = endedUnasked(facts);
    const impossible = (problem: string): RestorePlan => ({ mode: "impossible", problem, unasked });
    const harness = deps.harnesses.find(session.harness);
    if (!harness) return impossible(`this ao does not know harness "${session.harness}"`);
    const lostWork = await lostWorkspace(deps, session, projects);
    if (lostWork) return impossible(lostWork);
    if (harness.resumeBy === "directory" && mayHaveConversed(facts)) {
      const foreign = await foreignDirectory(deps, files, session);
      return foreign ? impossible(foreign) : { mode: "resume_last", unasked };
    }
    const nativeSessionId = harness.resumeBy ? await transcripts.newestHeld(facts, harness) : undefined;
    if (nativeSessionId) return { mode: "resume", nativeSessionId, unasked };
    const { displayName, capabilities } = harness;
    const lost = lostConversation(facts, { displayName, ...capabilities });
    if (lost) return impossible(lost);
    const prompt = await savedPrompt(deps, files, session);
    if (prompt === undefined && facts.process.exit?.cause === "spawn_failed")
      return impossible("it never started");
    if (prompt === undefined && facts.promptPending) return impossible("its prompt was not saved");
    if (prompt === undefined && facts.headless)
      return impossible("it has no conversation, and no prompt was saved");
    return { mode: "start_again", unasked };
  };
}

/** The prompt of the newest launch that began a conversation; undefined when none was given. */
export async function savedPrompt(
  deps: LifecycleDeps,
  files: LaunchFiles,
  session: Session,
): Promise<string | undefined> {
  const launches = await deps.store.listLaunches(session.id);
  for (const { id } of launches.toReversed()) {
    const prompt = await files.readPrompt(session.id, id);
    if (prompt) return prompt;
  }
  return undefined;
}

/** A worktree can be made again from its branch; without that the work is not where the conversation left it. */
async function lostWorkspace(
  deps: LifecycleDeps,
  session: Session,
  projects: ProjectsSeen,
): Promise<string | undefined> {
  const { path, branch } = session.workspace;
  if (existsSync(path)) return undefined;
  const known = projects.get(session.projectId) ?? deps.store.getProject(session.projectId);
  projects.set(session.projectId, known);
  const project = await known;
  if (!project) return `its project "${session.projectId}" is not registered any more`;
  if (await deps.workspaces.hasBranch({ repository: project.path, branch })) return undefined;
  return `its worktree "${path}" and its branch "${branch}" are gone`;
}
