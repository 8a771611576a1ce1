import { defineEntity, p } from "@mikro-orm/core";

/**
 * Highest session number ever handed out for a project id.
 *
 * A table of its own, without a foreign key: it outlives the project, so that one registered again under the same id
 * does not take up the names of old branches, salvage refs and log entries.
 */
export const SessionCounterEntity = defineEntity({
  name: "SessionCounter",
  tableName: "session_counter",
  properties: {
    projectId: p.text().primary(),
    lastNumber: p.integer(),
  },
});
