import type * as pb from "../../gen/ao/v1/project_service.ts";
import type { App } from "../lifecycle/api.ts";
import { decodePageToken, encodePageToken, type PageScope, pageSize } from "../wire/page-token.ts";
import { projectToProto } from "../wire/project.ts";
import * as fields from "./fields.ts";
import type { CallExtras } from "./guard.ts";

/** Handlers of ProjectService. */
export function createProjectService({
  projects,
}: Pick<App, "projects">): pb.ProjectServiceImplementation<CallExtras> {
  return {
    addProject: async (request) => ({ project: projectToProto(await projects.add(addRequest(request))) }),
    getProject: async ({ projectId }) => ({
      project: projectToProto(await projects.get(fields.requiredId("project_id", projectId))),
    }),
    listProjects: async (request) => {
      const { containingPath } = request;
      if (containingPath !== "") fields.absolutePath("containing_path", containingPath);
      const scope: PageScope = { list: "projects", filter: [containingPath] };
      const page = await projects.list({
        limit: pageSize(request.pageSize),
        after: decodePageToken(scope, request.pageToken),
        containingPath: containingPath || undefined,
      });
      return {
        projects: page.rows.map(projectToProto),
        nextPageToken: encodePageToken(scope, page.next),
      };
    },
    updateProject: async (request) => {
      const { id, changes } = updateRequest(request);
      return { project: projectToProto(await projects.update(id, changes)) };
    },
    removeProject: async ({ projectId }) => {
      await projects.remove(fields.requiredId("project_id", projectId));
      return {};
    },
  };
}

function addRequest({ path, id, defaultBranch, defaultHarness }: pb.AddProjectRequest) {
  return {
    path: fields.absolutePath("path", path),
    id: fields.optionalId("id", id),
    defaultBranch: fields.gitRef("default_branch", defaultBranch),
    defaultHarness: fields.optionalId("default_harness", defaultHarness),
  };
}

function updateRequest(request: pb.UpdateProjectRequest) {
  const project = fields.requiredMessage("project", request.project);
  const paths = fields.maskPaths("update_mask", request.updateMask, ["default_branch", "default_harness"]);
  const { defaultBranch, defaultHarness } = project;
  return {
    id: fields.requiredId("project.id", project.id),
    changes: {
      ...(paths.has("default_branch") && {
        defaultBranch: fields.gitRef("project.default_branch", defaultBranch),
      }),
      ...(paths.has("default_harness") && {
        defaultHarness: fields.optionalId("project.default_harness", defaultHarness),
      }),
    },
  };
}
