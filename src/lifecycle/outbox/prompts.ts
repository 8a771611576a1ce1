import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { letters } from "./composer.ts";
import { type Delivery, liveSession, pause } from "./delivery.ts";

/** Signals of a launch looked through for its prompts. */
const SIGNALS = 200;
/** The letters two texts must share: agents wrap pasted texts in marks, and hooks keep the head alone. */
const HEAD = 100;

/** What copilot 1.0.102 reports of a long paste, which it keeps in a file of its own. */
const PASTED_FILE = /^<pasted_contentfile="[^"]*"[^<]*>$/;

/** Prompts the root agent has reported in this launch, newest first; undefined where its hook does not tell the text. */
export async function promptsOf(
  deps: LifecycleDeps,
  { id, harness, facts }: Session,
): Promise<{ text: string | undefined; time: number }[]> {
  const { interpret } = deps.harnesses.get(harness);
  const rows = await deps.store.listSignals({
    sessionId: id,
    launchId: facts.launchId,
    limit: SIGNALS,
    newestFirst: true,
  });
  return rows
    .map(({ signal }) => signal)
    .filter(
      ({ kind, event, fields }) =>
        (kind === "hook" || kind === "report") && !fields.agentId && interpret(event, fields) === "prompt",
    )
    .map(({ fields, observedTime }) => ({ text: fields.prompt, time: observedTime }));
}

/** True once the agent itself has reported the message as a prompt. */
export async function isAcknowledged(delivery: Delivery, session: Session): Promise<boolean> {
  const { message, deps } = delivery;
  const since = message.typedTime ?? message.createTime;
  if ((session.facts.promptTime ?? 0) < since) return false;
  const prompts = (await promptsOf(deps, session)).filter(({ time }) => time >= since);
  // The facts know of one that is told by other means than a hook with a text.
  return prompts.length === 0 || prompts.some(({ text }) => !text || isSame(text, message.text));
}

/** Waits for the agent's word until monotonic ms `end`; false too when it has ended. */
export async function awaitAcknowledgement(delivery: Delivery, end: number): Promise<boolean> {
  for (;;) {
    const session = await delivery.deps.book.get(delivery.message.sessionId);
    if (session?.facts.launchId !== delivery.message.launchId) return false;
    if (await isAcknowledged(delivery, session)) return true;
    const left = end - performance.now();
    if (left <= 0 || !(await liveSession(delivery))) return false;
    await pause(delivery, left);
  }
}

function isSame(reported: string, sent: string): boolean {
  const [told, own] = [letters(reported), letters(sent)];
  if (PASTED_FILE.test(told)) return true;
  return told.includes(own.slice(0, HEAD)) || own.includes(told);
}
