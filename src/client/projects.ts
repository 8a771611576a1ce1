import { ProjectServiceDefinition } from "../../gen/ao/v1/project_service.ts";
import type { Project } from "../core/session.ts";
import { projectFromProto } from "../wire/project.ts";
import type { Connection } from "./connection.ts";
import { DEADLINE_MS } from "./deadlines.ts";
import { required } from "./required.ts";

/** Calls of ProjectService; errors are those of the RPC of the same name. */
export interface ProjectCalls {
  add(
    fields: { path: string; id?: string; defaultBranch?: string; defaultHarness?: string },
    signal?: AbortSignal,
  ): Promise<Project>;
  get(projectId: string, signal?: AbortSignal): Promise<Project>;
  list(
    filter?: { pageSize?: number; pageToken?: string; containingPath?: string },
    signal?: AbortSignal,
  ): Promise<{ projects: Project[]; nextPageToken: string }>;
  /** Changes only the fields given. */
  update(
    fields: { projectId: string; defaultBranch?: string; defaultHarness?: string },
    signal?: AbortSignal,
  ): Promise<Project>;
  remove(projectId: string, signal?: AbortSignal): Promise<void>;
}

/** Makes the calls of ProjectService. */
export function createProjectCalls(connection: Connection): ProjectCalls {
  const stubs = connection.stubs(ProjectServiceDefinition);
  const call = (name: string, signal?: AbortSignal) => ({ name, deadlineMs: DEADLINE_MS.read, signal });
  return {
    add: async (fields, signal) =>
      one(await connection.unary(call("AddProject", signal), (options) => stubs.addProject(fields, options))),
    get: async (projectId, signal) =>
      one(
        await connection.unary(call("GetProject", signal), (options) =>
          stubs.getProject({ projectId }, options),
        ),
      ),
    list: async (filter = {}, signal) => {
      const page = await connection.unary(call("ListProjects", signal), (options) =>
        stubs.listProjects(filter, options),
      );
      return { ...page, projects: page.projects.map(projectFromProto) };
    },
    update: async ({ projectId: id, defaultBranch, defaultHarness }, signal) => {
      const updateMask = [
        ...(defaultBranch === undefined ? [] : ["default_branch"]),
        ...(defaultHarness === undefined ? [] : ["default_harness"]),
      ];
      const request = { project: { id, defaultBranch, defaultHarness }, updateMask };
      return one(
        await connection.unary(call("UpdateProject", signal), (options) =>
          stubs.updateProject(request, options),
        ),
      );
    },
    remove: async (projectId, signal) => {
      await connection.unary(call("RemoveProject", signal), (options) =>
        stubs.removeProject({ projectId }, options),
      );
    },
  };
}

function one(response: { project: Parameters<typeof projectFromProto>[0] | undefined }): Project {
  return projectFromProto(required("project", response.project));
}
