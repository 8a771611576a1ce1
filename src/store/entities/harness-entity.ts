import { defineEntity, p } from "@mikro-orm/core";

/**
 * The harness allowlist as a table, so that a new harness never needs a migration.
 *
 * Rows are never deleted: sessions of a harness this ao no longer has stay readable.
 */
export const HarnessEntity = defineEntity({
  name: "Harness",
  tableName: "harness",
  properties: {
    id: p.text().primary(),
    displayName: p.text(),
    supported: p.boolean(),
  },
});
