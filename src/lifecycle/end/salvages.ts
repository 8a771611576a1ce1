import { join } from "node:path";
import { AoError } from "../../core/errors.ts";
import { type Salvage, salvageName } from "../../core/ports/workspaces.ts";
import type { Project } from "../../core/session.ts";
import type { Salvages } from "../api.ts";
import type { LifecycleDeps } from "../deps.ts";
import { findProject } from "../lookups.ts";
import { allProjects } from "../projects.ts";

type Deps = Pick<LifecycleDeps, "store" | "workspaces" | "log" | "paths">;

/** Finds what removed sessions left in the repositories of all projects, and brings it back. */
export function createSalvages(deps: Deps): Salvages {
  const { workspaces } = deps;
  const find = async (wanted: string) => {
    for (const project of await allProjects(deps.store)) {
      const found = (await salvagesOf(deps, project)).find(
        (salvage) => salvage.ref === wanted || salvageName(salvage) === wanted,
      );
      if (found) return { project, salvage: found };
    }
    throw new AoError("SALVAGE_NOT_FOUND", { salvage: wanted });
  };
  return {
    async list({ limit, after, projectId }) {
      const projects = projectId ? [await findProject(deps.store, projectId)] : await allProjects(deps.store);
      const all = (await Promise.all(projects.map((project) => salvagesOf(deps, project)))).flat();
      const rest = all
        .map((salvage) => ({ salvage, position: positionOf(salvage) }))
        .filter(({ position }) => after === undefined || position < after)
        .toSorted((one, two) => (one.position < two.position ? 1 : -1));
      const page = rest.slice(0, limit);
      const next = rest.length > limit ? page.at(-1)?.position : undefined;
      return { rows: page.map(({ salvage }) => salvage), next };
    },
    get: async (wanted) => (await find(wanted)).salvage,
    async restore(request) {
      const { project, salvage } = await find(request.salvage);
      const name = salvageName(salvage);
      const restored = await workspaces.restoreSalvage({
        repository: project.path,
        ref: salvage.ref,
        path: request.path || join(deps.paths.worktreesDir, project.id, `${name}-salvage`),
        branch: request.branch || `salvage/${name}`,
      });
      deps.log.info({ ref: salvage.ref, ...restored }, "salvage restored");
      return { ...restored, salvage };
    },
    async drop(wanted) {
      try {
        const { project, salvage } = await find(wanted);
        const dropped = await workspaces.dropSalvage({ repository: project.path, ...salvage });
        if (dropped) deps.log.info({ ref: salvage.ref, commit: salvage.commit }, "salvage dropped");
        return dropped ? salvage.commit : undefined;
      } catch (error) {
        if (error instanceof AoError && error.reason === "SALVAGE_NOT_FOUND") return undefined;
        throw error;
      }
    },
  };
}

/** A repository that was moved must not hide what the others hold. */
async function salvagesOf(deps: Deps, project: Project): Promise<Salvage[]> {
  try {
    const found = await deps.workspaces.listSalvages(project.path);
    return found.map((salvage) => ({ ...salvage, projectId: project.id }));
  } catch (error) {
    if (!(error instanceof AoError)) throw error;
    deps.log.warn({ projectId: project.id, err: error }, "salvages could not be listed");
    return [];
  }
}

/** Sorts by time, and tells two of the same moment apart. */
function positionOf(salvage: Salvage): string {
  return `${String(salvage.saveTime).padStart(16, "0")} ${salvage.projectId} ${salvage.ref}`;
}
