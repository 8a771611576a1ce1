import { defineEntity, p } from "@mikro-orm/core";
import { SessionEntity } from "./session-entity.ts";

/** One run of the agent for a session. */
export const LaunchEntity = defineEntity({
  name: "Launch",
  tableName: "launch",
  uniques: [{ properties: ["session", "number"] }],
  properties: {
    id: p.text().primary(),
    session: () =>
      p.manyToOne(SessionEntity).mapToPk().deleteRule("cascade").updateRule("restrict").index(false),
    number: p.integer(),
    bootId: p.text(),
    runtimeHandle: p.text(),
    createTime: p.integer(),
    endTime: p.integer().nullable(),
    tokenDigest: p.text(),
  },
});
