import { randomBytes } from "node:crypto";
import { AoError } from "../../core/errors.ts";
import type { Keystroke } from "../../core/ports/runtime.ts";
import type { Session } from "../../core/session.ts";
import { handleOf } from "../new-launch.ts";
import type { Delivery } from "./delivery.ts";

/** Looks in vain after which the cursor is no longer asked: some programs never let it rest. */
const RESTLESS = 15;

/** Types if the screen is still the one that was looked at. Whoever calls it writes down at once what that proves. */
export type Strike = (
  session: Session,
  keys: { name: "paste" | "enter"; type: Keystroke["type"]; cursor: string },
) => Promise<boolean>;

/** Makes the keystrokes of one message: each is written down before it goes out. */
export function createStrike(delivery: Delivery): Strike {
  const { failPoint } = delivery;
  let moves = 0;
  return async (session, { name, type, cursor }) => {
    const token = `${delivery.message.id}-${name}-${randomBytes(4).toString("hex")}`;
    await delivery.write({ pendingKeys: token });
    failPoint(name === "paste" ? "outbox:before-paste" : "outbox:before-enter");
    const typed = await typeOnce(delivery, session, {
      token,
      type,
      ...(moves < RESTLESS && { cursor }),
    });
    moves = typed ? 0 : moves + 1;
    if (typed) failPoint(name === "paste" ? "outbox:pasted" : "outbox:entered");
    return typed;
  };
}

async function typeOnce(delivery: Delivery, session: Session, keystroke: Keystroke): Promise<boolean> {
  const runtime = delivery.deps.runtimes[session.runtime];
  const handle = handleOf(delivery.deps, session);
  try {
    return (await runtime.typeOnce(handle, keystroke)) === "typed";
  } catch (error) {
    if (!(error instanceof AoError)) throw error;
    // A command without an answer may have been carried out: the terminal knows.
    if (error.reason === "RUNTIME_UNAVAILABLE") return runtime.wasTyped(handle, keystroke.token);
    await delivery.write({ pendingKeys: undefined });
    throw error;
  }
}

/** Tells whether the keys that were under way when a daemon was killed went out; if not, they never will. */
export async function pendingKeysWentOut({ deps, message }: Delivery, session: Session): Promise<boolean> {
  if (!message.pendingKeys) return false;
  return deps.runtimes[session.runtime].wasTyped(handleOf(deps, session), message.pendingKeys);
}
