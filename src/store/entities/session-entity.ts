import { defineEntity, p } from "@mikro-orm/core";
import type { PermissionMode, ProcessState, RuntimeKind, SessionKind } from "../../core/session.ts";
import { HarnessEntity } from "./harness-entity.ts";
import { ProjectEntity } from "./project-entity.ts";

/**
 * A session: columns for what is fixed or queried, the reducer's facts as one JSON text.
 *
 * Words are plain text without a CHECK: widening one would rebuild the table.
 */
export const SessionEntity = defineEntity({
  name: "Session",
  tableName: "session",
  indexes: [{ properties: ["project", "createOrder"] }],
  properties: {
    id: p.text().primary(),
    project: () =>
      p.manyToOne(ProjectEntity).mapToPk().deleteRule("restrict").updateRule("restrict").index(false),
    harness: () =>
      p.manyToOne(HarnessEntity).mapToPk().deleteRule("restrict").updateRule("restrict").index(false),
    /** Position in the order of creation; lists are cut by it. */
    createOrder: p.integer().unique(),
    kind: p.text().$type<SessionKind>(),
    name: p.text().index(),
    runtime: p.text().$type<RuntimeKind>(),
    permissionMode: p.text().$type<PermissionMode>(),
    model: p.text(),
    issue: p.text(),
    /** JSON. */
    labels: p.text(),
    workspacePath: p.text(),
    workspaceBranch: p.text(),
    workspaceBaseCommit: p.text(),
    /** Copied from the facts for queries. */
    launchId: p.text().index(),
    /** Copied from the facts for queries. */
    processState: p.text().$type<ProcessState>(),
    /** JSON. */
    facts: p.text(),
    requestId: p.text().nullable().unique(),
    requestDigest: p.text().nullable(),
    createTime: p.integer(),
    updateTime: p.integer(),
    revision: p.integer(),
  },
});
