import { AoError } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import type { Harness } from "../core/ports/harnesses.ts";
import type { ProcessIdentity } from "../core/ports/runtime.ts";
import type { Store } from "../core/ports/store.ts";
import type { Project, RuntimeKind, Session } from "../core/session.ts";
import type { SessionBook } from "./book/session-book.ts";
import type { LifecycleDeps } from "./deps.ts";

/**
 * Finds a session by id, else by a name that only one has. What has the form of an id is none's name: a removal that is
 * asked for again must not meet another session. Throws SESSION_NOT_FOUND, NAME_AMBIGUOUS.
 */
export async function findSession(
  deps: { store: Pick<Store, "findSessionsByName" | "getProject">; book: Pick<SessionBook, "get"> },
  idOrName: string,
): Promise<Session> {
  const byId = isId(idOrName) ? await deps.book.get(idOrName) : undefined;
  if (byId) return byId;
  const named = (await hasFormOfId(deps.store, idOrName))
    ? []
    : await deps.store.findSessionsByName(idOrName);
  if (named.length > 1) throw new AoError("NAME_AMBIGUOUS", { name: idOrName, count: named.length });
  const only = named[0] && (await deps.book.get(named[0].id));
  if (!only) throw new AoError("SESSION_NOT_FOUND", { session: idOrName });
  return only;
}

/** Throws NAME_IN_USE, and INVALID_FIELD for what could be taken for a session's id. */
export async function checkName(
  store: Pick<Store, "findSessionsByName" | "getProject">,
  name: string,
  owner?: Session,
): Promise<void> {
  if (await hasFormOfId(store, name))
    throw new AoError("INVALID_FIELD", {
      field: "name",
      value: name,
      problem: "has the form of a session's id",
      hint: "Take a name that is not a project's id with a number.",
    });
  const others = (await store.findSessionsByName(name)).filter(({ id }) => id !== owner?.id);
  if (others.length > 0) throw new AoError("NAME_IN_USE", { name });
}

/** True for `<project>-<n>` of a registered project, whether there is such a session, was one or will be. */
async function hasFormOfId(store: Pick<Store, "getProject">, text: string): Promise<boolean> {
  const project = /^(.+)-\d+$/.exec(text)?.[1];
  return project !== undefined && isId(text) && (await store.getProject(project)) !== undefined;
}

/** Throws PROJECT_NOT_FOUND. */
export async function findProject(store: Pick<Store, "getProject">, projectId: string): Promise<Project> {
  const project = await store.getProject(projectId);
  if (!project) throw new AoError("PROJECT_NOT_FOUND", { project: projectId });
  return project;
}

/** The harness of a launch. Throws HARNESS_NOT_FOUND, HARNESS_NOT_TRUSTED, INVALID_FIELD when none was named. */
export async function findHarness(
  { harnesses, ownHarnesses }: Pick<LifecycleDeps, "harnesses" | "ownHarnesses">,
  harnessId: string,
): Promise<Harness> {
  if (!harnessId) {
    throw new AoError("INVALID_FIELD", {
      field: "harness",
      value: "",
      problem: "is required, because the project has no default",
      hint: "Name one with `--harness`; see `ao harness ls`.",
    });
  }
  await ownHarnesses.requireTrust(harnessId);
  return harnesses.get(harnessId);
}

/** Path of the agent's binary; throws HARNESS_BINARY_NOT_FOUND. */
export async function locateBinary(harness: Harness, env: Readonly<Record<string, string>>): Promise<string> {
  const located = await harness.locate(env);
  if (located) return located.path;
  throw new AoError("HARNESS_BINARY_NOT_FOUND", {
    harness: harness.id,
    binaries: harness.binaries.join(", "),
    variable: harness.binaryVariable,
  });
}

/** Throws RUNTIME_UNAVAILABLE. */
export async function requireRuntime(
  { runtimes }: Pick<LifecycleDeps, "runtimes">,
  kind: RuntimeKind,
): Promise<void> {
  const problem = await runtimes[kind].check();
  if (problem) throw new AoError("RUNTIME_UNAVAILABLE", { runtime: kind, problem });
}

/** The agent's process; undefined before its launcher has told of it. */
export function processOf({ facts }: Session): ProcessIdentity | undefined {
  const { pid, pidStartTicks } = facts.process;
  return pid === undefined || pidStartTicks === undefined ? undefined : { pid, startTicks: pidStartTicks };
}

/** True while the session's process may be alive. */
export function mayRun(session: Session): boolean {
  return session.facts.process.state === "starting" || session.facts.process.state === "running";
}

/** Throws SESSION_NOT_RUNNING. */
export function requireRunning(session: Session, status: string): void {
  if (!mayRun(session)) throw new AoError("SESSION_NOT_RUNNING", { session: session.id, status });
}
