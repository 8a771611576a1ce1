import type { InferEntity } from "@mikro-orm/core";
import type { Facts, Session } from "../../core/session.ts";
import type { SessionEntity } from "../entities/session-entity.ts";
import { readJson } from "./read-json.ts";

/** A session as a row; its place in the order of creation is the store's own. */
export type SessionRow = Omit<InferEntity<typeof SessionEntity>, "createOrder">;

/** Makes the row of a session; `toJson` writes its facts. */
export function toSessionRow(
  session: Session,
  toJson: (facts: Facts) => string = (facts) => JSON.stringify(facts),
): SessionRow {
  const { projectId, workspace, facts, labels, requestId, requestDigest, ...columns } = session;
  return {
    ...columns,
    project: projectId,
    labels: JSON.stringify(labels),
    workspacePath: workspace.path,
    workspaceBranch: workspace.branch,
    workspaceBaseCommit: workspace.baseCommit,
    launchId: facts.launchId,
    processState: facts.process.state,
    facts: toJson(facts),
    requestId: requestId ?? null,
    requestDigest: requestDigest ?? null,
  };
}

/** Makes the session of a row; values that were undefined are absent. */
export function fromSessionRow(row: SessionRow): Session {
  return {
    id: row.id,
    projectId: row.project,
    harness: row.harness,
    kind: row.kind,
    name: row.name,
    runtime: row.runtime,
    permissionMode: row.permissionMode,
    model: row.model,
    issue: row.issue,
    labels: readJson(row.labels, `session "${row.id}"`),
    workspace: {
      path: row.workspacePath,
      branch: row.workspaceBranch,
      baseCommit: row.workspaceBaseCommit,
    },
    facts: readJson(row.facts, `session "${row.id}"`),
    ...(row.requestId != null && { requestId: row.requestId }),
    ...(row.requestDigest != null && { requestDigest: row.requestDigest }),
    createTime: row.createTime,
    updateTime: row.updateTime,
    revision: row.revision,
  };
}
