import { join } from "node:path";
import type { Harness } from "../../core/ports/harnesses.ts";
import type { Project, Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { typeFirstPrompt } from "./first-prompt.ts";
import type { LaunchFiles } from "./launch-files.ts";
import type { UndoStack } from "./undo-stack.ts";

/** What a launch is started with, beside what the session itself says. */
export interface LaunchStart {
  session: Session;
  project: Project;
  harness: Harness;
  binary: string;
  token: string;
  prompt: string;
  resumeId?: string;
  resumeLast?: boolean;
  environment?: Readonly<Record<string, string>>;
}

/** Writes the launch's files and starts its process; every step leaves its undo behind. */
export async function startLaunch(
  { deps, files, outbox }: { deps: LifecycleDeps; files: LaunchFiles; outbox: Outbox },
  start: LaunchStart,
  undo: UndoStack,
): Promise<void> {
  const { session, harness } = start;
  const { launchId, launchTime } = session.facts;
  undo.push("launch files", () => files.removeLaunch(session.id, launchId));
  // A later restore may start the saved prompt again: one that only continued a conversation would make no sense.
  const continues = start.resumeId !== undefined || start.resumeLast;
  const prompt = continues ? "" : start.prompt;
  const launchDir = await files.create(session.id, launchId, { token: start.token, prompt });
  const env = agentEnvironment({
    caller: start.environment ?? deps.daemonEnv,
    sessionId: session.id,
    launchId,
    harness: harness.id,
    workspacePath: session.workspace.path,
    tokenFile: join(launchDir, "token"),
    paths: deps.paths,
  });
  undo.push("files in the worktree", () => deps.harnesses.release(launchDir));
  const prepared = await harness.prepare({
    sessionId: session.id,
    launchId,
    launchDir,
    workspacePath: session.workspace.path,
    repositoryPath: start.project.path,
    binary: start.binary,
    prompt: start.prompt,
    model: session.model,
    permissionMode: session.permissionMode,
    resumeId: start.resumeId,
    resumeLast: start.resumeLast,
    headless: session.facts.headless,
    hookCommand: deps.paths.hookCommand,
    env,
  });
  for (const name of prepared.unsetEnv) delete env[name];
  await files.writeManifest({
    launchId,
    sessionId: session.id,
    harness: harness.id,
    workspacePath: session.workspace.path,
    launchTime,
    witness: prepared.witness,
  });
  deps.failPoint?.("spawn:files");
  await typeFirstPrompt(outbox, { session, prompt: prepared.promptToType, undo });
  const runtime = deps.runtimes[session.runtime];
  const handle = runtime.handleFor({ sessionId: session.id, launchId, launchDir });
  undo.push("processes", () => endTree(deps, session));
  undo.push("terminal", () => runtime.dispose(handle));
  await runtime.start(handle, {
    sessionId: session.id,
    launchId,
    launchDir,
    argv: prepared.argv,
    cwd: session.workspace.path,
    env: { ...env, ...prepared.env },
    umask: deps.umask,
    spoolDir: deps.paths.spoolDir,
    harness: harness.id,
  });
  deps.failPoint?.("spawn:launched");
}

/** Ends whatever of the session runs; throws when something would not end. */
export async function endTree(deps: LifecycleDeps, session: Session): Promise<void> {
  const left = await deps.processes.killTree({ tag: { sessionId: session.id }, roots: [], graceMs: 1000 });
  if (left.length > 0) throw new Error(`processes ${left.join(", ")} would not end`);
}
