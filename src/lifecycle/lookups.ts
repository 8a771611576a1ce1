import { AoError } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import type { Harness } from "../core/ports/harnesses.ts";
import type { Store } from "../core/ports/store.ts";
import type { Project, Session } from "../core/session.ts";
import type { LifecycleDeps } from "./deps.ts";
import type { SessionBook } from "./session-book.ts";

/** Finds a session by id, else by a name that only one has. Throws SESSION_NOT_FOUND, NAME_AMBIGUOUS. */
export async function findSession(
  deps: { store: Pick<Store, "findSessionsByName">; book: Pick<SessionBook, "get"> },
  idOrName: string,
): Promise<Session> {
  const byId = isId(idOrName) ? await deps.book.get(idOrName) : undefined;
  if (byId) return byId;
  const named = await deps.store.findSessionsByName(idOrName);
  if (named.length > 1) throw new AoError("NAME_AMBIGUOUS", { name: idOrName, count: named.length });
  const only = named[0] && (await deps.book.get(named[0].id));
  if (!only) throw new AoError("SESSION_NOT_FOUND", { session: idOrName });
  return only;
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

/** True while the session's process may be alive. */
export function mayRun(session: Session): boolean {
  return session.facts.process.state === "starting" || session.facts.process.state === "running";
}

/** Throws SESSION_NOT_RUNNING. */
export function requireRunning(session: Session, status: string): void {
  if (!mayRun(session)) throw new AoError("SESSION_NOT_RUNNING", { session: session.id, status });
}
