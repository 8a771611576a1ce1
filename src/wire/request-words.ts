import * as pb from "../../gen/ao/v1/session_service.ts";
import type { SendStage, WhenBusy } from "../core/message.ts";
import { enumTable } from "./enum-table.ts";

/** A decision on a request. */
export type Answer = "approve" | "deny";

/** What a watch message is. */
export type WatchType = "snapshot" | "changed" | "removed" | "snapshot_end" | "progress";

/** `WhenBusy` on the wire. */
export const whenBusyWords = enumTable<WhenBusy, pb.WhenBusy>({
  wait: pb.WhenBusy.WHEN_BUSY_WAIT,
  queue: pb.WhenBusy.WHEN_BUSY_QUEUE,
  interrupt: pb.WhenBusy.WHEN_BUSY_INTERRUPT,
});

/** Stages of a send on the wire. */
export const sendStages = enumTable<SendStage, pb.SendStage>({
  queued: pb.SendStage.SEND_STAGE_QUEUED,
  typed: pb.SendStage.SEND_STAGE_TYPED,
  submitted: pb.SendStage.SEND_STAGE_SUBMITTED,
  acknowledged: pb.SendStage.SEND_STAGE_ACKNOWLEDGED,
});

/** Answers on the wire. */
export const answers = enumTable<Answer, pb.Answer>({
  approve: pb.Answer.ANSWER_APPROVE,
  deny: pb.Answer.ANSWER_DENY,
});

/** Types of watch messages on the wire. */
export const watchTypes = enumTable<WatchType, pb.WatchEventType>({
  snapshot: pb.WatchEventType.WATCH_EVENT_TYPE_SNAPSHOT,
  changed: pb.WatchEventType.WATCH_EVENT_TYPE_CHANGED,
  removed: pb.WatchEventType.WATCH_EVENT_TYPE_REMOVED,
  snapshot_end: pb.WatchEventType.WATCH_EVENT_TYPE_SNAPSHOT_END,
  progress: pb.WatchEventType.WATCH_EVENT_TYPE_PROGRESS,
});
