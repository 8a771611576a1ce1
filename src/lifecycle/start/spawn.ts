import { createHash } from "node:crypto";
import { AoError } from "../../core/errors.ts";
import { newLaunchId } from "../../core/ids.ts";
import type { Harness } from "../../core/ports/harnesses.ts";
import { initialFacts } from "../../core/reducer/initial-facts.ts";
import type { Project, Session } from "../../core/session.ts";
import { titleOf } from "../../core/text/title.ts";
import type { SpawnRequest } from "../api.ts";
import type { LifecycleDeps } from "../deps.ts";
import { checkName, findHarness, findProject, locateBinary, requireRuntime } from "../lookups.ts";
import { newLaunch } from "../new-launch.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { worktreePath } from "../worktree-path.ts";
import type { AbandonedStarts } from "./abandoned-starts.ts";
import { attemptStart } from "./attempt-start.ts";
import type { LaunchFiles } from "./launch-files.ts";
import { newSessionToken } from "./session-token.ts";
import { startLaunch } from "./start-launch.ts";

interface SpawnParts {
  deps: LifecycleDeps;
  files: LaunchFiles;
  abandonedStarts: AbandonedStarts;
  outbox: Outbox;
}

/** Starts a new session: validates all, then row, branch and worktree, files, terminal, process (design §7). */
export async function spawnSession(parts: SpawnParts, request: SpawnRequest): Promise<Session> {
  const { deps } = parts;
  const row = await deps.rowLocks.run(`project ${request.projectId}`, () => reserveRow(parts, request));
  if (row.repeated) return row.repeated;
  const { session, token, plan } = row;
  deps.failPoint?.("spawn:row");
  const { project, harness, binary } = plan;
  await attemptStart(deps, session, async (undo) => {
    const worktree = { ...session.workspace, repository: project.path };
    undo.push("worktree", () => deps.workspaces.remove({ ...worktree, sessionId: session.id }));
    await deps.workspaces.create(worktree);
    deps.failPoint?.("spawn:worktree");
    const { prompt, environment } = request;
    const start = { session, project, harness, binary, token, prompt, environment };
    await startLaunch(parts, start, undo);
  });
  deps.log.info(
    { sessionId: session.id, harness: session.harness, runtime: session.runtime },
    "session spawned",
  );
  return (await deps.book.get(session.id)) ?? session;
}

/** One at a time per project: two spawns never take the same number, branch, name or request id. */
async function reserveRow(parts: SpawnParts, request: SpawnRequest) {
  const { deps } = parts;
  const repeated = await findRepeated(parts, request);
  if (repeated) return { repeated };
  const plan = await checkSpawn(deps, request);
  return { ...(await insertRow(deps, request, plan)), plan };
}

interface SpawnPlan {
  project: Project;
  harness: Harness;
  binary: string;
  sessionId: string;
  branch: string;
  path: string;
  baseCommit: string;
}

/** Every typed error comes from here, before anything is written. */
async function checkSpawn(deps: LifecycleDeps, request: SpawnRequest): Promise<SpawnPlan> {
  const project = await findProject(deps.store, request.projectId);
  const harness = await findHarness(deps, request.harness || project.defaultHarness);
  checkSupported(harness, request);
  if (request.name) await checkName(deps.store, request.name);
  const binary = await locateBinary(harness, request.environment ?? deps.daemonEnv);
  await requireRuntime(deps, request.runtime);
  const sessionId = `${project.id}-${await deps.store.nextSessionNumber(project.id)}`;
  const branch = request.branch || `ao/${sessionId}`;
  const path = worktreePath(deps.paths, { id: sessionId, projectId: project.id });
  const { baseCommit } = await deps.workspaces.check({
    repository: project.path,
    branch,
    baseRef: request.baseRef || project.defaultBranch,
    path,
  });
  return { project, harness, binary, sessionId, branch, path, baseCommit };
}

function checkSupported(harness: Harness, request: SpawnRequest): void {
  if (!harness.permissionModes.includes(request.permissionMode)) {
    throw new AoError("UNSUPPORTED", {
      subject: `harness "${harness.id}"`,
      what: `permission mode "${request.permissionMode}"`,
      hint: `It knows: ${harness.permissionModes.join(", ")}.`,
    });
  }
}

async function insertRow(deps: LifecycleDeps, request: SpawnRequest, plan: SpawnPlan) {
  const now = deps.clock.now();
  const launchId = newLaunchId();
  const headless = request.runtime === "process";
  const { token, digest } = newSessionToken(launchId);
  const session: Session = {
    id: plan.sessionId,
    projectId: plan.project.id,
    harness: plan.harness.id,
    kind: request.kind,
    name: request.name,
    runtime: request.runtime,
    permissionMode: request.permissionMode,
    model: request.model,
    issue: request.issue,
    labels: request.labels,
    workspace: { path: plan.path, branch: plan.branch, baseCommit: plan.baseCommit },
    facts: {
      ...initialFacts({
        launchId,
        launchTime: now,
        promptPending: request.prompt !== "",
        promptTyped: plan.harness.typesPrompt({ prompt: request.prompt, headless }),
        headless,
      }),
      title: titleOf(request.prompt),
    },
    requestId: request.requestId || undefined,
    requestDigest: request.requestId ? requestDigest(request) : undefined,
    createTime: now,
    updateTime: now,
    revision: 0,
  };
  const launch = await newLaunch(deps, session, { number: 1, tokenDigest: digest });
  deps.underway.add(launchId);
  return { session: await deps.book.insert(session, launch), token };
}

/** The session the same request made; none when nothing of that one ever ran, so that a client may simply ask again. */
async function findRepeated(
  { deps, abandonedStarts }: SpawnParts,
  request: SpawnRequest,
): Promise<Session | undefined> {
  if (!request.requestId) return undefined;
  const found = await deps.store.findSessionByRequestId(request.requestId);
  const session = found && (await deps.book.get(found.id));
  if (!session) return undefined;
  if (session.requestDigest !== requestDigest(request))
    throw new AoError("REQUEST_ID_REUSED", { request: request.requestId });
  const isOver =
    session.facts.process.exit?.cause === "spawn_failed" || (await abandonedStarts.settle(session));
  if (!isOver) return session;
  await deps.book.edit(session.id, ({ requestId, requestDigest, ...rest }) => rest);
  return undefined;
}

/** Everything that makes the request what it is; the environment is left out because it is never stored. */
function requestDigest({ environment: _, ...request }: SpawnRequest): string {
  const labels = Object.entries(request.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify({ ...request, labels }))
    .digest("hex");
}
