import type { WatchSessionsResponse } from "../../gen/ao/v1/session_service.ts";
import { watchTypes } from "../wire/request-words.ts";
import { sessionFromProto } from "../wire/session.ts";
import type { SessionInfo } from "../wire/session-info.ts";
import { fromDate } from "../wire/time.ts";
import { required } from "./required.ts";

/** One message of a watch; times are epoch ms. */
export type WatchUpdate = {
  revision: number;
  /** Who wrote the revision; goes back with it. Empty from an older daemon. */
  epoch: string;
} & (
  | { type: "snapshot" | "changed"; session: SessionInfo; commitTime?: number }
  | { type: "removed"; sessionId: string; commitTime?: number }
  | { type: "snapshot_end" | "progress" }
);

/** Converts a message of a watch; one of a type only a newer daemon knows counts as progress. */
export function watchUpdateFromProto(message: WatchSessionsResponse): WatchUpdate {
  const { revision, epoch } = message;
  const type = watchTypes.fromProto(message.type) ?? "progress";
  const commitTime = fromDate(message.commitTime);
  switch (type) {
    case "snapshot":
    case "changed":
      return {
        type,
        revision,
        epoch,
        session: sessionFromProto(required("session", message.session)),
        commitTime,
      };
    case "removed":
      return { type, revision, epoch, sessionId: required("session", message.session).id, commitTime };
    case "snapshot_end":
    case "progress":
      return { type, revision, epoch };
  }
}
