import type { InferEntity } from "@mikro-orm/core";
import type { Message, NewMessage } from "../../core/message.ts";
import type { MessageEntity } from "../entities/message-entity.ts";

type MessageRow = InferEntity<typeof MessageEntity>;

/** Makes the row of a message; its place in the order is the store's own. */
export function toMessageRow(message: NewMessage): Omit<MessageRow, "order"> {
  return {
    id: message.id,
    session: message.sessionId,
    launchId: message.launchId,
    text: message.text,
    whenBusy: message.whenBusy,
    waitUntil: message.waitUntil,
    requestId: message.requestId ?? null,
    stage: message.stage,
    pendingKeys: message.pendingKeys ?? null,
    enters: message.enters,
    detail: message.detail,
    failure: message.failure ? JSON.stringify(message.failure) : null,
    createTime: message.createTime,
    updateTime: message.updateTime,
    typedTime: message.typedTime ?? null,
    submittedTime: message.submittedTime ?? null,
    endTime: message.endTime ?? null,
  };
}

/** Makes the message of a row; values that were undefined are absent. */
export function fromMessageRow(row: MessageRow): Message {
  return {
    id: row.id,
    order: row.order,
    sessionId: row.session,
    launchId: row.launchId,
    text: row.text,
    whenBusy: row.whenBusy,
    waitUntil: row.waitUntil,
    ...(row.requestId != null && { requestId: row.requestId }),
    stage: row.stage,
    ...(row.pendingKeys != null && { pendingKeys: row.pendingKeys }),
    enters: row.enters,
    detail: row.detail,
    ...(row.failure != null && { failure: JSON.parse(row.failure) }),
    createTime: row.createTime,
    updateTime: row.updateTime,
    ...(row.typedTime != null && { typedTime: row.typedTime }),
    ...(row.submittedTime != null && { submittedTime: row.submittedTime }),
    ...(row.endTime != null && { endTime: row.endTime }),
  };
}
