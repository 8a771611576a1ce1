import { AoError } from "../core/errors.ts";
import { parseId, slug } from "../core/ids.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Harnesses } from "../core/ports/harnesses.ts";
import type { Store } from "../core/ports/store.ts";
import type { Workspaces } from "../core/ports/workspaces.ts";
import type { Project } from "../core/session.ts";
import type { KeyedMutex } from "../util/keyed-mutex.ts";
import type { Projects } from "./api.ts";
import { findProject } from "./lookups.ts";

/** Registers repositories; writes nothing into them. */
export function createProjects(deps: {
  store: Store;
  workspaces: Workspaces;
  harnesses: Harnesses;
  clock: Clock;
  rowLocks: KeyedMutex;
}): Projects {
  const { store, harnesses, clock } = deps;
  return {
    add: (request) => deps.rowLocks.run("projects", () => addProject(deps, request)),
    get: (id) => findProject(store, id),
    async list({ limit, after, containingPath }) {
      if (containingPath === undefined) return store.listProjects({ limit, after });
      const found = await containing(deps, containingPath);
      return { rows: found ? [found] : [] };
    },
    async update(id, fields) {
      const project = await findProject(store, id);
      if (fields.defaultHarness) harnesses.get(fields.defaultHarness);
      const updated = { ...project, ...fields, updateTime: clock.now() };
      await store.updateProject(updated);
      return updated;
    },
    async remove(id) {
      const sessions = await store.countSessions(id);
      if (sessions > 0) throw new AoError("PROJECT_IN_USE", { project: id, sessions });
      await store.deleteProject(id);
    },
  };
}

type AddDeps = Parameters<typeof createProjects>[0];

async function addProject(
  deps: AddDeps,
  request: { path: string; id: string; defaultBranch: string; defaultHarness: string },
): Promise<Project> {
  const { store } = deps;
  if (request.defaultHarness) deps.harnesses.get(request.defaultHarness);
  const repository = await deps.workspaces.inspect(request.path);
  const known = (await allProjects(store)).find((project) => project.path === repository.root);
  if (known && (!request.id || request.id === known.id)) return known;
  if (known) throw new AoError("PROJECT_EXISTS", { project: known.id, path: known.path });
  const id = request.id ? parseId("id", request.id) : await freeId(store, slug(baseName(repository.root)));
  const taken = await store.getProject(id);
  if (taken) throw new AoError("PROJECT_EXISTS", { project: id, path: taken.path });
  const now = deps.clock.now();
  const project: Project = {
    id,
    path: repository.root,
    defaultBranch: request.defaultBranch || repository.currentBranch,
    defaultHarness: request.defaultHarness,
    createTime: now,
    updateTime: now,
  };
  await store.insertProject(project);
  return project;
}

function baseName(path: string): string {
  return path.split("/").filter(Boolean).at(-1) ?? "";
}

/** Session ids are `<project>-<n>` within 63 characters: a derived id leaves room for the number. */
async function freeId(store: Store, wanted: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? wanted : `${wanted}-${n}`;
    if (!(await store.getProject(id))) return id;
  }
}

async function containing(deps: AddDeps, path: string): Promise<Project | undefined> {
  try {
    const { root } = await deps.workspaces.inspect(path);
    return (await allProjects(deps.store)).find((project) => project.path === root);
  } catch (error) {
    if (
      error instanceof AoError &&
      ["NOT_A_REPOSITORY", "PATH_NOT_FOUND", "REPOSITORY_EMPTY"].includes(error.reason)
    ) {
      return undefined;
    }
    throw error;
  }
}

/** Every project, by id. */
export async function allProjects(store: Pick<Store, "listProjects">): Promise<Project[]> {
  const projects: Project[] = [];
  let after: string | undefined;
  do {
    const page = await store.listProjects({ limit: 500, after });
    projects.push(...page.rows);
    after = page.next;
  } while (after);
  return projects;
}
