import type * as pb from "../../gen/ao/v1/project.ts";
import type { Project } from "../core/session.ts";
import { fromDate, toDate } from "./time.ts";

/** Converts a project to its message. */
export function projectToProto(project: Project): pb.Project {
  return {
    id: project.id,
    path: project.path,
    defaultBranch: project.defaultBranch,
    defaultHarness: project.defaultHarness,
    createTime: toDate(project.createTime),
    updateTime: toDate(project.updateTime),
  };
}

/** Converts a message to a project; a time that is missing is 0. */
export function projectFromProto(message: pb.Project): Project {
  return {
    id: message.id,
    path: message.path,
    defaultBranch: message.defaultBranch,
    defaultHarness: message.defaultHarness,
    createTime: fromDate(message.createTime) ?? 0,
    updateTime: fromDate(message.updateTime) ?? 0,
  };
}
