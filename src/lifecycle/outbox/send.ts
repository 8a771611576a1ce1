import { AoError } from "../../core/errors.ts";
import type { Message } from "../../core/message.ts";
import type { Session } from "../../core/session.ts";
import type { SendRequest, SendResult } from "../api.ts";
import type { Outbox } from "./outbox.ts";

/** What a message may need once its waiting is over: the paste, every Enter, the agent's word. */
const TYPING_MS = 150_000;

/**
 * Puts a message into the outbox and waits for its end, unless told not to. Throws why nothing of it was typed.
 *
 * A caller that goes away leaves the message where it is.
 */
export async function sendMessage(
  outbox: Outbox,
  sending: { session: Session; request: SendRequest },
  signal: AbortSignal,
): Promise<SendResult> {
  const { session, request } = sending;
  const accepted = await outbox.accept(session, request);
  if (request.noWait) return resultOf(accepted);
  const timeoutMs = request.waitTimeoutMs + TYPING_MS;
  const message = await outbox.wait(accepted.id, { timeoutMs, signal });
  // Whoever waits is told when the daemon goes; the message stays.
  if (message.endTime === undefined) signal.throwIfAborted();
  return resultOf(message);
}

function resultOf({ id, stage, detail, failure }: Message): SendResult {
  if (failure) throw new AoError(failure.reason, { ...failure.metadata, message: id });
  return { messageId: id, stage, detail };
}
