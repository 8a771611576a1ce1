import { defineEntity, p } from "@mikro-orm/core";
import type { SendStage, WhenBusy } from "../../core/message.ts";
import { SessionEntity } from "./session-entity.ts";

/** A message in the outbox of a session; goes with it. */
export const MessageEntity = defineEntity({
  name: "Message",
  tableName: "message",
  indexes: [{ properties: ["session", "order"] }],
  properties: {
    order: p.integer().primary().autoincrement(),
    id: p.text().unique(),
    session: () =>
      p.manyToOne(SessionEntity).mapToPk().deleteRule("cascade").updateRule("restrict").index(false),
    launchId: p.text(),
    text: p.text(),
    whenBusy: p.text().$type<WhenBusy>(),
    waitUntil: p.integer(),
    requestId: p.text().nullable().unique(),
    stage: p.text().$type<SendStage>(),
    pendingKeys: p.text().nullable(),
    enters: p.integer(),
    detail: p.text(),
    /** JSON. */
    failure: p.text().nullable(),
    createTime: p.integer(),
    updateTime: p.integer(),
    typedTime: p.integer().nullable(),
    submittedTime: p.integer().nullable(),
    endTime: p.integer().nullable().index(),
  },
});
