import type { ErrorMetadata, ErrorReason } from "./errors.ts";

/** How far a message got; each word is written down before the next key goes out. */
export type SendStage = "queued" | "typed" | "submitted" | "acknowledged";

/** What a message does while a turn runs. */
export type WhenBusy = "wait" | "queue" | "interrupt";

/** A message in a session's outbox. Times are epoch ms. */
export interface Message {
  id: string;
  /** Place in the order of acceptance, over all sessions. */
  order: number;
  sessionId: string;
  /** The launch it was accepted for; it is never typed into another one. */
  launchId: string;
  text: string;
  whenBusy: WhenBusy;
  /** Nothing is typed after this time: the message is withdrawn instead. */
  waitUntil: number;
  requestId?: string;
  /** The last stage that was proven. */
  stage: SendStage;
  /** Names the keys that may have gone out since `stage` was written; the terminal knows whether they have. */
  pendingKeys?: string;
  /** Times Enter was pressed. */
  enters: number;
  /** What it waits for while it is open, why it stopped where it did once it has ended. */
  detail: string;
  /** Why nothing was typed, as the sender is told it; only with stage `queued`. */
  failure?: { reason: ErrorReason; metadata: ErrorMetadata };
  createTime: number;
  updateTime: number;
  typedTime?: number;
  submittedTime?: number;
  /** When the outbox was done with it; undefined while it is open. */
  endTime?: number;
}

/** A message about to be accepted. */
export type NewMessage = Omit<Message, "order">;
