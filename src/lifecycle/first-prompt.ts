import type { Session } from "../core/session.ts";
import type { Outbox } from "./outbox/outbox.ts";

/** As long as an agent is given to draw its composer, gates that a person answers included. */
const PATIENCE_MS = 10 * 60_000;

/** Has the outbox type the first prompt of an agent that takes none on its command line; nothing for the others. */
export async function typeFirstPrompt(outbox: Outbox, session: Session, prompt: string): Promise<void> {
  if (prompt === "") return;
  await outbox.accept(session, {
    sessionId: session.id,
    text: prompt,
    whenBusy: "wait",
    waitTimeoutMs: PATIENCE_MS,
    requestId: "",
    noWait: true,
  });
}
