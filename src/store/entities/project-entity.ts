import { defineEntity, p } from "@mikro-orm/core";

/** A registered repository. */
export const ProjectEntity = defineEntity({
  name: "Project",
  tableName: "project",
  properties: {
    id: p.text().primary(),
    path: p.text(),
    defaultBranch: p.text(),
    defaultHarness: p.text(),
    createTime: p.integer(),
    updateTime: p.integer(),
  },
});
