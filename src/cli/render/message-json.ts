import type { MessageInfo } from "../client-types.ts";
import { isoTime, orNull } from "./json-values.ts";

/** A message as `--json` prints it: ISO times, null for whatever is absent. Keys are never renamed or taken away. */
export function messageJson(message: MessageInfo) {
  return {
    id: message.id,
    sessionId: message.sessionId,
    launchId: message.launchId,
    text: message.text,
    whenBusy: orNull(message.whenBusy),
    requestId: orNull(message.requestId),
    stage: orNull(message.stage),
    detail: orNull(message.detail),
    failureReason: orNull(message.failureReason),
    enters: message.enters,
    createTime: isoTime(message.createTime),
    waitUntilTime: isoTime(message.waitUntilTime),
    typedTime: isoTime(message.typedTime),
    submittedTime: isoTime(message.submittedTime),
    endTime: isoTime(message.endTime),
  };
}
