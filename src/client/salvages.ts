import { SalvageServiceDefinition } from "../../gen/ao/v1/salvage_service.ts";
import type { RestoredSalvage, Salvage } from "../core/ports/workspaces.ts";
import { salvageFromProto } from "../wire/salvage.ts";
import type { Connection } from "./connection.ts";
import { DEADLINE_MS } from "./deadlines.ts";
import { required } from "./required.ts";

/** Calls of SalvageService. `salvage` is a name or a ref; errors are those of the RPC of the same name. */
export interface SalvageCalls {
  list(
    filter?: { pageSize?: number; pageToken?: string; projectId?: string },
    signal?: AbortSignal,
  ): Promise<{ salvages: Salvage[]; nextPageToken: string }>;
  get(salvage: string, signal?: AbortSignal): Promise<Salvage>;
  restore(
    request: { salvage: string; path?: string; branch?: string },
    signal?: AbortSignal,
  ): Promise<RestoredSalvage & { salvage: Salvage }>;
  /** The commit that was dropped; empty when there was none. */
  drop(salvage: string, signal?: AbortSignal): Promise<string>;
}

/** Makes the calls of SalvageService. */
export function createSalvageCalls(connection: Connection): SalvageCalls {
  const stubs = connection.stubs(SalvageServiceDefinition);
  const call = (name: string, signal?: AbortSignal) => ({ name, deadlineMs: DEADLINE_MS.read, signal });
  return {
    list: async (filter = {}, signal) => {
      const page = await connection.unary(call("ListSalvages", signal), (options) =>
        stubs.listSalvages(filter, options),
      );
      return { ...page, salvages: page.salvages.map(salvageFromProto) };
    },
    get: async (salvage, signal) => {
      const response = await connection.unary(call("GetSalvage", signal), (options) =>
        stubs.getSalvage({ salvage }, options),
      );
      return salvageFromProto(required("salvage", response.salvage));
    },
    restore: async (request, signal) => {
      const restoring = { name: "RestoreSalvage", deadlineMs: DEADLINE_MS.remove, signal };
      const response = await connection.unary(restoring, (options) => stubs.restoreSalvage(request, options));
      return { ...response, salvage: salvageFromProto(required("salvage", response.salvage)) };
    },
    drop: async (salvage, signal) =>
      (
        await connection.unary(call("DropSalvage", signal), (options) =>
          stubs.dropSalvage({ salvage }, options),
        )
      ).commit,
  };
}
