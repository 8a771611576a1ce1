import { AoError } from "../core/errors.ts";
import type { Store } from "../core/ports/store.ts";
import type { Project } from "../core/session.ts";
import type { Database } from "./database.ts";
import { ProjectEntity } from "./entities/project-entity.ts";
import { SessionCounterEntity } from "./entities/session-counter-entity.ts";
import { SessionEntity } from "./entities/session-entity.ts";
import { cutPage } from "./page.ts";

type ProjectMethods =
  | "insertProject"
  | "updateProject"
  | "deleteProject"
  | "getProject"
  | "listProjects"
  | "nextSessionNumber";

/** The project table and the counters of session numbers. */
export function projectRows(database: Database): Pick<Store, ProjectMethods> {
  return {
    insertProject: (project) =>
      database.write(async (em) => {
        const there = await em.findOne(ProjectEntity, { id: project.id });
        if (there) throw new AoError("PROJECT_EXISTS", { project: there.id, path: there.path });
        await em.insert(ProjectEntity, { ...project });
      }),

    updateProject: (project) =>
      database.write(async (em) => {
        const updated = await em.nativeUpdate(ProjectEntity, { id: project.id }, { ...project });
        if (updated === 0) throw new AoError("PROJECT_NOT_FOUND", { project: project.id });
      }),

    deleteProject: (id) =>
      database.write(async (em) => {
        const sessions = await em.count(SessionEntity, { project: id });
        if (sessions > 0) throw new AoError("PROJECT_IN_USE", { project: id, sessions });
        await em.nativeDelete(ProjectEntity, { id });
      }),

    getProject: (id) =>
      database.read(async (em) => {
        const row = await em.findOne(ProjectEntity, { id });
        return row ? copy(row) : undefined;
      }),

    listProjects: ({ limit, after }) =>
      database.read(async (em) => {
        const where = after === undefined ? {} : { id: { $gt: after } };
        const rows = await em.find(ProjectEntity, where, { orderBy: { id: "asc" }, limit: limit + 1 });
        return cutPage({ rows: rows.map(copy), limit, token: (project) => project.id });
      }),

    nextSessionNumber: (projectId) =>
      database.write(async (em) => {
        if ((await em.count(ProjectEntity, { id: projectId })) === 0)
          throw new AoError("PROJECT_NOT_FOUND", { project: projectId });
        const counter = await em.findOne(SessionCounterEntity, { projectId });
        const lastNumber = (counter?.lastNumber ?? 0) + 1;
        await em.upsert(SessionCounterEntity, { projectId, lastNumber });
        return lastNumber;
      }),
  };
}

function copy({ id, path, defaultBranch, defaultHarness, createTime, updateTime }: Project): Project {
  return { id, path, defaultBranch, defaultHarness, createTime, updateTime };
}
