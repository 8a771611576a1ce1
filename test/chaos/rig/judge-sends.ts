import type { MessageInfo } from "../../../src/wire/message.ts";
import type { LedgerEntry } from "./terminals.ts";

/** What became of a session's messages, compared with what its agent got. */
export interface SendsVerdict {
  /** Messages by the stage they ended with; `refused` for those of which nothing was typed. */
  stages: Record<string, number>;
  /** Senders that were told why nothing was typed, by reason. */
  refusals: Record<string, number>;
  /** Up to 20 descriptions of what must not be. */
  wrong: string[];
  /** Entries of the agent's ledger by kind. */
  events: Record<string, number>;
}

/** Compares stage by stage: a claim that is not true, a text that came twice, a key that a dialog got. */
export function judgeSends(
  verdict: SendsVerdict,
  session: { id: string; messages: readonly MessageInfo[]; ledger: readonly LedgerEntry[] },
): void {
  const wrong = (text: string) => void verdict.wrong.push(`${session.id}: ${text}`);
  const of = (event: string, text: string) =>
    session.ledger.filter((entry) => entry.event === event && entry.text === text).length;
  for (const message of session.messages) {
    const { id, stage, text, failureReason, detail } = message;
    const outcome = failureReason ? "refused" : (stage ?? "unknown");
    verdict.stages[outcome] = (verdict.stages[outcome] ?? 0) + 1;
    const submitted = of("submitted", text);
    const typed = of("pasted", text) + of("lost", text);
    const about = `${id} ${outcome} (${detail}) was typed ${typed} and submitted ${submitted} times`;
    if (message.endTime === undefined) wrong(`${about}; still open`);
    if (typed > 1 || submitted > 1) wrong(`double: ${about}`);
    if (outcome === "refused" && typed > 0) wrong(`said that nothing was typed: ${about}`);
    if ((outcome === "submitted" || outcome === "acknowledged") && submitted === 0) wrong(`lost: ${about}`);
    if (outcome === "typed" && submitted > 0) wrong(`more than it says: ${about}`);
    if (outcome === "queued" || outcome === "unknown") wrong(`ended without a reason: ${about}`);
  }
  for (const { event } of session.ledger) verdict.events[event] = (verdict.events[event] ?? 0) + 1;
  for (const entry of session.ledger)
    if (entry.event === "dialog-key") wrong(`a dialog got ${JSON.stringify(entry.bytes)}`);
  judgeOrder(session, wrong);
  const known = new Set(session.messages.map(({ text }) => text));
  for (const { event, text = "" } of session.ledger)
    if (event === "submitted" && !known.has(text))
      wrong(`the agent got ${JSON.stringify(text.slice(0, 80))}`);
}

/** Newest first come the messages; as they were accepted they must have been submitted. */
function judgeOrder(
  { messages, ledger }: { messages: readonly MessageInfo[]; ledger: readonly LedgerEntry[] },
  wrong: (text: string) => void,
): void {
  const places = new Map(messages.map(({ text }, index) => [text, messages.length - index]));
  let last = 0;
  for (const { event, text = "" } of ledger) {
    const place = event === "submitted" ? places.get(text) : undefined;
    if (place === undefined) continue;
    if (place < last) wrong(`overtaken: ${JSON.stringify(text.slice(0, 40))}`);
    last = Math.max(last, place);
  }
}
