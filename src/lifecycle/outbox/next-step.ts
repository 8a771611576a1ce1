import type { Message } from "../../core/message.ts";
import type { Harness } from "../../core/ports/harnesses.ts";
import type { TerminalLook } from "../../core/ports/runtime.ts";
import type { ComposerReading } from "./composer.ts";
import type { Pace } from "./pace.ts";
import { isPersonAt } from "./terminal-owner.ts";

/** What is to be done next about a text that was typed. */
export type Step =
  | { do: "press" }
  /** Looks again soon. */
  | { do: "wait" }
  /** Looks again as long as the message may wait. */
  | { do: "hold"; why: string }
  | { do: "stop"; why: string }
  | { do: "submitted" };

/** What is known of the terminal. Times are monotonic ms. */
export interface Seen {
  pace: Pace;
  harness: Harness;
  reading: ComposerReading;
  /** What stands in the composer, and what stood there when Enter was pressed last; undefined when it was not read. */
  draft: string | undefined;
  enteredDraft: string | undefined;
  look: TerminalLook;
  blind: boolean;
  /** The text was seen in the composer. */
  ours: boolean;
  /** Since when nothing has stood in the way. */
  since: number;
  /** When Enter was pressed last. */
  enterTime: number;
  now: number;
}

const MAX_ENTERS = 6;
/** Where no composer is read: what stands on the screen may be the conversation. */
const MAX_BLIND_ENTERS = 3;
const HEAD = 30;

/** Decides on the ground of one look at a terminal that nobody else uses and that shows no dialog. */
export function nextStep(message: Message, seen: Seen): Step {
  const { enters } = message;
  const { reading, now } = seen;
  if (enters > 0 && now - seen.enterTime < seen.pace.enterGap && reading !== "empty" && reading !== "other")
    return { do: "wait" };
  switch (reading) {
    case "ours":
      return press(message);
    case "empty":
      return enters > 0 ? gone(seen) : missing(seen);
    case "other":
      return enters > 0 ? (completed(message, seen) ?? gone(seen)) : changed(message, seen);
    case "changed":
      return completed(message, seen) ?? changed(message, seen);
    case "unreadable":
      return seen.harness.readsComposer && !seen.blind
        ? unseen(enters, seen)
        : withoutComposer(message, seen);
  }
}

function press({ enters }: Message): Step {
  if (enters < MAX_ENTERS) return { do: "press" };
  return { do: "stop", why: `Enter was pressed ${enters} times and the text still stands in the composer` };
}

/**
 * Enter took another command out of the list that agents show below one: what was sent is not what would be submitted.
 * A command that stands as it did has its Enter still to come (qwen shows a command's arguments behind it).
 */
function completed({ text, enters, typedTime }: Message, seen: Seen): Step | undefined {
  const { draft = "", enteredDraft } = seen;
  const isCommand = text.startsWith("/") && draft.startsWith("/");
  if (enters === 0 || !isCommand || draft === enteredDraft || isPersonAt(seen.look, typedTime))
    return undefined;
  const why = `the agent made "${draft.slice(0, HEAD)}" of the command; Enter was not pressed again`;
  return { do: "stop", why };
}

/**
 * The text does not stand in the composer, and Enter was pressed. Whoever has seen it there knows that it went out; of
 * one that was typed blindly the agent's report is the proof, where it reports every prompt.
 */
function gone({ blind, ours, harness, enterTime, now, pace }: Seen): Step {
  if (!blind || ours || !reportsPrompts(harness)) return { do: "submitted" };
  if (now - enterTime < pace.acknowledge) return { do: "wait" };
  return {
    do: "stop",
    why: "the text was never seen in the composer and the agent reports no prompt: it is probably lost",
  };
}

/** The agent tells of every prompt it takes. */
export function reportsPrompts({ traits, events }: Harness): boolean {
  return traits.hooks && events.some(({ meaning }) => meaning === "prompt");
}

/** Nothing stands in the composer, and no Enter was pressed. */
function missing({ ours, since, now, pace }: Seen): Step {
  if (ours) return { do: "stop", why: "somebody took the text out of the composer before Enter was pressed" };
  if (now - since < pace.appear) return { do: "wait" };
  return { do: "stop", why: "the text never appeared in the composer: the agent lost it, or is very slow" };
}

/** Where no person has pressed a key since, only the agent itself can have drawn the text in another way. */
function changed(message: Message, seen: Seen): Step {
  if (!isPersonAt(seen.look, message.typedTime)) return press(message);
  return { do: "hold", why: "somebody has changed the text in the composer; Enter was not pressed" };
}

/** The composer is gone from the screen: drawn again soon, or something else is there. */
function unseen(enters: number, { since, now, pace }: Seen): Step {
  if (enters > 0) return { do: "submitted" };
  if (now - since < pace.appear) return { do: "wait" };
  return { do: "stop", why: "the composer is not to be seen any more; Enter was not pressed" };
}

function withoutComposer({ enters, text }: Message, seen: Seen): Step {
  const head = text.trim().split("\n", 1)[0]?.slice(0, HEAD) ?? "";
  const stands = seen.look.text.split("\n").slice(-20).join("\n").includes(head);
  if (enters === 0 || (stands && enters < MAX_BLIND_ENTERS)) return { do: "press" };
  return seen.harness.readsComposer ? gone(seen) : { do: "submitted" };
}
