import type * as pb from "../../gen/ao/v1/salvage_service.ts";
import type { App } from "../lifecycle/api.ts";
import { decodePageToken, encodePageToken, type PageScope, pageSize } from "../wire/page-token.ts";
import { salvageToProto } from "../wire/salvage.ts";
import * as fields from "./fields.ts";
import type { CallExtras } from "./guard.ts";

/** Handlers of SalvageService. */
export function createSalvageService({
  salvages,
}: Pick<App, "salvages">): pb.SalvageServiceImplementation<CallExtras> {
  return {
    async listSalvages(request) {
      const projectId = fields.optionalId("project_id", request.projectId);
      const scope: PageScope = { list: "salvages", filter: [projectId] };
      const page = await salvages.list({
        limit: pageSize(request.pageSize),
        after: decodePageToken(scope, request.pageToken),
        projectId: projectId || undefined,
      });
      return {
        salvages: page.rows.map(salvageToProto),
        nextPageToken: encodePageToken(scope, page.next),
      };
    },
    getSalvage: async ({ salvage }) => ({ salvage: salvageToProto(await salvages.get(reference(salvage))) }),
    async restoreSalvage(request) {
      const restored = await salvages.restore({
        salvage: reference(request.salvage),
        path: request.path === "" ? "" : fields.absolutePath("path", request.path),
        branch: fields.gitRef("branch", request.branch),
      });
      return { ...restored, notes: [...restored.notes], salvage: salvageToProto(restored.salvage) };
    },
    dropSalvage: async ({ salvage }) => ({ commit: await salvages.drop(reference(salvage)) }),
  };
}

/** A name or a ref. */
function reference(value: string): string {
  if (/^(refs\/ao\/salvage\/)?[a-z0-9][a-z0-9-]{0,99}$/.test(value)) return value;
  const problem = "must be a session's id, or a ref such as refs/ao/salvage/web-1";
  throw fields.invalid("salvage", value, problem);
}
