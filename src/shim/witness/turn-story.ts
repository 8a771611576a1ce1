import type { TranscriptEvent } from "./transcript-event.ts";

/** Makes of a transcript's events what is worth telling: each turn of things once. */
export interface TurnStory {
  /** Takes the next event; older ones than the newest, and those of an earlier launch, are left out. */
  take(event: TranscriptEvent): void;
  /** The turn runs or a dialog is open, as far as was told. */
  isRunning(): boolean;
}

/** Dialogs that were never answered do not pile up: an agent shows some at a time. */
const MAX_OPEN = 64;

/** So long after a line that tells of old times anew others of the kind may follow; nobody types a prompt so fast. */
const RETELLING_MS = 1000;

/** Creates the story of one launch that began at `since`, epoch ms. */
export function createTurnStory(given: { since: number; tell(event: TranscriptEvent): void }): TurnStory {
  const { since, tell } = given;
  let isRunning = false;
  let newest = since;
  let retoldAt = Number.NEGATIVE_INFINITY;
  const open = new Set<string>();
  let lastWords: string | undefined;

  function goOn(event: TranscriptEvent): void {
    if (isRunning) return;
    isRunning = true;
    tell(event);
  }

  function end(event: TranscriptEvent): void {
    isRunning = false;
    open.clear();
    tell(event.kind === "idle" && lastWords !== undefined ? { ...event, message: lastWords } : event);
    lastWords = undefined;
  }

  function ask(event: TranscriptEvent): void {
    if (open.has(event.key) || open.size >= MAX_OPEN) return;
    open.add(event.key);
    isRunning = true;
    tell(event);
  }

  return {
    take(event) {
      if (event.at < newest) return;
      newest = event.at;
      switch (event.kind) {
        case "retold":
          retoldAt = event.at;
          return;
        case "active":
          return event.at - retoldAt < RETELLING_MS ? undefined : goOn(event);
        case "answered":
          isRunning = false;
          return;
        case "idle":
          return isRunning ? end(event) : undefined;
        case "interrupted":
        case "failed":
          return end(event);
        case "asked":
          return ask(event);
        case "approved":
          // While another dialog is open nothing is told: the turn does not go on.
          return open.delete(event.key) && open.size === 0 ? tell(event) : undefined;
        case "refused":
          return void open.delete(event.key);
        case "said":
          lastWords = event.message;
          return;
      }
    },
    isRunning: () => isRunning,
  };
}
