import type { Store } from "../core/ports/store.ts";
import type { Database } from "./database.ts";
import { HarnessEntity } from "./entities/harness-entity.ts";

/** The harness table: filled at start, never emptied. */
export function harnessRows(database: Database): Pick<Store, "syncHarnesses" | "listHarnesses"> {
  return {
    syncHarnesses: (rows) =>
      database.write(async (em) => {
        await em.nativeUpdate(HarnessEntity, {}, { supported: false });
        const supported = rows.map(({ id, displayName }) => ({ id, displayName, supported: true }));
        if (supported.length > 0) await em.upsertMany(HarnessEntity, supported);
      }),

    listHarnesses: () =>
      database.read(async (em) => {
        const rows = await em.find(HarnessEntity, {}, { orderBy: { id: "asc" } });
        return rows.map(({ id, displayName, supported }) => ({ id, displayName, supported }));
      }),
  };
}
