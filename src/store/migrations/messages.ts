import type { SchemaMigration } from "./schema-migration.ts";

/** The outbox: messages for agents, each with the last stage that was proven. */
export const messages: SchemaMigration = {
  version: 2,
  name: "0002-messages",
  statements: [
    `create table "message" (
      "order" integer not null primary key autoincrement,
      "id" text not null,
      "session_id" text not null,
      "launch_id" text not null,
      "text" text not null,
      "when_busy" text not null,
      "wait_until" integer not null,
      "request_id" text null,
      "stage" text not null,
      "pending_keys" text null,
      "enters" integer not null,
      "detail" text not null,
      "failure" text null,
      "create_time" integer not null,
      "update_time" integer not null,
      "typed_time" integer null,
      "submitted_time" integer null,
      "end_time" integer null,
      constraint "message_session_id_foreign" foreign key ("session_id") references "session" ("id")
        on update restrict on delete cascade
    )`,
    `create unique index "message_id_unique" on "message" ("id")`,
    `create unique index "message_request_id_unique" on "message" ("request_id")`,
    `create index "message_session_id_order_index" on "message" ("session_id", "order")`,
    `create index "message_end_time_index" on "message" ("end_time")`,
  ],
};
