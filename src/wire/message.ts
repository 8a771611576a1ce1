import type * as pb from "../../gen/ao/v1/session_service.ts";
import type { Message, SendStage, WhenBusy } from "../core/message.ts";
import { sendStages, whenBusyWords } from "./request-words.ts";
import { fromDate, toDate } from "./time.ts";

/** A message as clients see it. Times are epoch ms. */
export interface MessageInfo {
  id: string;
  sessionId: string;
  launchId: string;
  text: string;
  /** Undefined for a word this client does not know. */
  whenBusy: WhenBusy | undefined;
  requestId: string;
  /** Undefined for a word this client does not know. */
  stage: SendStage | undefined;
  detail: string;
  /** Empty unless nothing was typed. */
  failureReason: string;
  enters: number;
  createTime?: number;
  waitUntilTime?: number;
  typedTime?: number;
  submittedTime?: number;
  /** Undefined while it is open. */
  endTime?: number;
}

/** Makes the wire's message. */
export function messageToProto(message: Message): pb.Message {
  return {
    id: message.id,
    sessionId: message.sessionId,
    launchId: message.launchId,
    text: message.text,
    whenBusy: whenBusyWords.toProto(message.whenBusy),
    requestId: message.requestId ?? "",
    stage: sendStages.toProto(message.stage),
    detail: message.detail,
    failureReason: message.failure?.reason ?? "",
    enters: message.enters,
    createTime: toDate(message.createTime),
    waitUntilTime: toDate(message.waitUntil),
    typedTime: toDate(message.typedTime),
    submittedTime: toDate(message.submittedTime),
    endTime: toDate(message.endTime),
  };
}

/** Reads the wire's message. */
export function messageFromProto(message: pb.Message): MessageInfo {
  return {
    id: message.id,
    sessionId: message.sessionId,
    launchId: message.launchId,
    text: message.text,
    whenBusy: whenBusyWords.fromProto(message.whenBusy),
    requestId: message.requestId,
    stage: sendStages.fromProto(message.stage),
    detail: message.detail,
    failureReason: message.failureReason,
    enters: message.enters,
    createTime: fromDate(message.createTime),
    waitUntilTime: fromDate(message.waitUntilTime),
    typedTime: fromDate(message.typedTime),
    submittedTime: fromDate(message.submittedTime),
    endTime: fromDate(message.endTime),
  };
}
