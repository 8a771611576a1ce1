import type { Session } from "../../core/session.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { UndoStack } from "./undo-stack.ts";

/** As long as an agent is given to draw its composer, gates that a person answers included. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Has the outbox type the first prompt of an agent that takes none on its command line; nothing for the others.
 *
 * Call it before the process starts: whoever finds that agent running finds its prompt on disk.
 */
export async function typeFirstPrompt(
  outbox: Outbox,
  { session, prompt, undo }: { session: Session; prompt: string; undo: UndoStack },
): Promise<void> {
  if (prompt === "") return;
  const { id } = await outbox.accept(session, {
    sessionId: session.id,
    text: prompt,
    whenBusy: "wait",
    waitTimeoutMs: PATIENCE_MS,
    requestId: "",
    noWait: true,
  });
  undo.push("first prompt", () => outbox.cancel(id));
}
