import type { SchemaMigration } from "./schema-migration.ts";

/** Which run of the daemon wrote a change. Of the older ones only the newest gets one: that is where watchers stand. */
export const epochs: SchemaMigration = {
  version: 3,
  name: "0003-epochs",
  statements: [
    `alter table "change" add column "epoch" text not null default ''`,
    `update "change" set "epoch" = 'e' || lower(hex(randomblob(8)))
      where "revision" = (select max("revision") from "change")`,
  ],
};
