import type { SchemaMigration } from "./schema-migration.ts";

/** The first schema, as design §8 describes it. */
export const initial: SchemaMigration = {
  version: 1,
  name: "0001-initial",
  statements: [
    `create table "harness" (
      "id" text not null primary key,
      "display_name" text not null,
      "supported" integer not null
    )`,
    `create table "project" (
      "id" text not null primary key,
      "path" text not null,
      "default_branch" text not null,
      "default_harness" text not null,
      "create_time" integer not null,
      "update_time" integer not null
    )`,
    `create table "session_counter" (
      "project_id" text not null primary key,
      "last_number" integer not null
    )`,
    `create table "session" (
      "id" text not null primary key,
      "project_id" text not null,
      "harness_id" text not null,
      "create_order" integer not null,
      "kind" text not null,
      "name" text not null,
      "runtime" text not null,
      "permission_mode" text not null,
      "model" text not null,
      "issue" text not null,
      "labels" text not null,
      "workspace_path" text not null,
      "workspace_branch" text not null,
      "workspace_base_commit" text not null,
      "launch_id" text not null,
      "process_state" text not null,
      "facts" text not null,
      "request_id" text null,
      "request_digest" text null,
      "create_time" integer not null,
      "update_time" integer not null,
      "revision" integer not null,
      constraint "session_project_id_foreign" foreign key ("project_id") references "project" ("id")
        on update restrict on delete restrict,
      constraint "session_harness_id_foreign" foreign key ("harness_id") references "harness" ("id")
        on update restrict on delete restrict
    )`,
    `create unique index "session_create_order_unique" on "session" ("create_order")`,
    `create index "session_name_index" on "session" ("name")`,
    `create index "session_launch_id_index" on "session" ("launch_id")`,
    `create unique index "session_request_id_unique" on "session" ("request_id")`,
    `create index "session_project_id_create_order_index" on "session" ("project_id", "create_order")`,
    `create table "launch" (
      "id" text not null primary key,
      "session_id" text not null,
      "number" integer not null,
      "boot_id" text not null,
      "runtime_handle" text not null,
      "create_time" integer not null,
      "end_time" integer null,
      "token_digest" text not null,
      constraint "launch_session_id_foreign" foreign key ("session_id") references "session" ("id")
        on update restrict on delete cascade
    )`,
    `create unique index "launch_session_id_number_unique" on "launch" ("session_id", "number")`,
    `create table "signal" (
      "log_id" integer not null primary key autoincrement,
      "launch_id" text not null,
      "signal_id" text not null,
      "session_id" text not null,
      "seq" integer not null,
      "observed_time" integer not null,
      "kind" text not null,
      "harness" text not null,
      "event" text not null,
      "fields" text not null,
      "outcome" text not null,
      "rule" text not null,
      "reason" text not null,
      "status_after" text not null,
      "commit_time" integer not null
    )`,
    `create index "signal_session_id_log_id_index" on "signal" ("session_id", "log_id")`,
    `create unique index "signal_launch_id_signal_id_unique" on "signal" ("launch_id", "signal_id")`,
    `create table "change" (
      "revision" integer not null primary key,
      "type" text not null,
      "session_id" text not null,
      "project_id" text not null,
      "commit_time" integer not null,
      "session" text null
    )`,
  ],
};
