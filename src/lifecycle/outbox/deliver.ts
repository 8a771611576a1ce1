import { AoError } from "../../core/errors.ts";
import type { Message } from "../../core/message.ts";
import { type Delivery, liveSession } from "./delivery.ts";
import { createStrike, pendingKeysWentOut, type Strike } from "./strike.ts";
import { letGo, noteEnter, submit } from "./submit.ts";
import { becomesTypable } from "./typable.ts";

/** How a message ended. */
export type Ending = Pick<Message, "detail" | "failure">;

/**
 * Brings one message as far as it goes, from whatever stage it has on disk.
 *
 * Returns how it ended; throws only what is no answer to the sender: the delivery's signal, and defects.
 */
export async function deliver(delivery: Delivery): Promise<Ending> {
  try {
    await settle(delivery);
    const strike = createStrike(delivery);
    // A text that was typed before a restart: whether a composer was seen then is not known any more.
    const blind = delivery.message.stage === "queued" ? await type(delivery, strike) : false;
    switch (delivery.message.stage) {
      case "queued":
      case "typed":
        return { detail: await submit(delivery, strike, blind) };
      case "submitted":
        return { detail: await letGo(delivery) };
      case "acknowledged":
        return { detail: "" };
    }
  } catch (error) {
    if (!(error instanceof AoError)) throw error;
    return endingOf(delivery.message, error);
  }
}

/** Nothing was typed: the sender is told the reason. Later it is told in words how far the message got. */
function endingOf({ stage, pendingKeys }: Message, error: AoError): Ending {
  const { reason, metadata, message } = error;
  if (stage === "queued" && !pendingKeys) return { detail: message, failure: { reason, metadata } };
  const doubt = pendingKeys ? "; whether its last key went out is not known" : "";
  return { detail: `${message}${doubt}` };
}

/** Asks the terminal about the keys that were under way when the daemon was killed. */
async function settle(delivery: Delivery): Promise<void> {
  const { message, write } = delivery;
  if (!message.pendingKeys) return;
  const session = await liveSession(delivery);
  // The agent is gone, and the doubt stays.
  if (!session) return;
  const wentOut = await pendingKeysWentOut(delivery, session);
  if (!wentOut) return write({ pendingKeys: undefined });
  if (message.stage === "queued")
    return write({ stage: "typed", typedTime: message.updateTime, pendingKeys: undefined });
  return noteEnter(delivery, false);
}

/** Behind a last word such as "@src" agents open a list, and Enter takes what stands first in it: a space closes it. */
function closed(text: string): string {
  return /(^|\s)[@#$]\S*$/.test(text) ? `${text} ` : text;
}

/** Types the text when it may be typed; true when no composer was to be seen. */
async function type(delivery: Delivery, strike: Strike): Promise<boolean> {
  const { message, deps, write } = delivery;
  for (;;) {
    const { session, look } = await becomesTypable(delivery);
    delivery.claim();
    if (
      await strike(session, { name: "paste", type: { paste: closed(message.text) }, cursor: look.cursor })
    ) {
      await write({ stage: "typed", typedTime: deps.clock.now(), pendingKeys: undefined, detail: "" });
      return deps.harnesses.get(session.harness).readComposer(look.text) === undefined;
    }
    await write({ pendingKeys: undefined });
    delivery.unclaim();
  }
}
