import {
  type DeepPartial,
  type SessionServiceDefinition,
  WatchSessionsResponse,
} from "../../gen/ao/v1/session_service.ts";
import type { WatchMessage } from "../lifecycle/api.ts";
import { watchTypes } from "../wire/request-words.ts";
import { sessionToProto } from "../wire/session.ts";
import { describeSession } from "../wire/session-info.ts";
import { toDate } from "../wire/time.ts";

type Definition = typeof SessionServiceDefinition;

/** The service as a server adds it: its watch yields the lifecycle's messages. */
export function withWatchEncoding(definition: Definition) {
  const { watchSessions, ...others } = definition.methods;
  return {
    ...definition,
    methods: { ...others, watchSessions: { ...watchSessions, responseType: createWatchEncoding() } },
  } as const;
}

/**
 * WatchSessionsResponse for a server: what goes in is the lifecycle's message, and each is encoded once.
 *
 * All watchers of a change get the same message; its bytes live as long as it does. With 50 watchers converting and
 * encoding took most of the daemon's time.
 */
function createWatchEncoding() {
  const encoded = new WeakMap<WatchMessage, Uint8Array>();
  return {
    encode: (message: WatchMessage) => {
      const bytes = encoded.get(message) ?? encode(message);
      encoded.set(message, bytes);
      return { finish: () => bytes };
    },
    decode: (): WatchMessage => {
      throw new Error("a server reads no responses");
    },
    fromPartial: (message: WatchMessage) => message,
  };
}

function encode(message: WatchMessage): Uint8Array {
  return WatchSessionsResponse.encode(WatchSessionsResponse.fromPartial(toProto(message))).finish();
}

function toProto(message: WatchMessage): DeepPartial<WatchSessionsResponse> {
  const { revision, epoch } = message;
  const type = watchTypes.toProto(message.type);
  switch (message.type) {
    case "snapshot":
    case "changed": {
      const session = sessionToProto(describeSession(message.view));
      return { revision, epoch, type, session, commitTime: toDate(message.commitTime) };
    }
    case "removed":
      return {
        revision,
        epoch,
        type,
        session: { id: message.sessionId },
        commitTime: toDate(message.commitTime),
      };
    case "snapshot_end":
    case "progress":
      return { revision, epoch, type };
  }
}
