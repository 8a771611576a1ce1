import { members, membersOfLine, short } from "./json-line.ts";
import type { ParseLine } from "./line-tail.ts";
import type { TranscriptEvent } from "./transcript-event.ts";

const MAX_KEY = 128;
const MAX_MESSAGE = 500;
/** Dialogs whose answer is still to come. */
const MAX_OPEN = 64;
const TOLD = /"type":"(projection_delta|callback_registered|callback_resolved)"\}\s*$/;

/**
 * Creates the reader of lines of `<vibeHome>/logs/session/unified/<session>/journal/<n>.jsonl`. Seen with vibe 3.0.2:
 * `projection_delta` with the whole state in its `set_envelope`, whose `latestTurn` has `startedAt`, `status`
 * (in_progress, completed, interrupted, failed) and, once it is over, `completedAt`; `callback_registered` of a dialog,
 * `kind` approval or user_input, with its `createdAt`; `callback_resolved`, which has no time: it counts as the next
 * instant, so that an old one that is read again proves nothing. Times are epoch ms. Never throws.
 */
export function createVibeParser(): ParseLine<TranscriptEvent> {
  const open = new Map<string, number>();

  function registered({ callback_id, kind, routing }: Members): TranscriptEvent | undefined {
    const key = short(callback_id, MAX_KEY);
    const at = members(routing).createdAt;
    if (key === undefined || !isTime(at)) return undefined;
    if (open.size < MAX_OPEN) open.set(key, at);
    return { kind: "asked", at, key, dialog: kind === "user_input" ? "question" : "permission" };
  }

  function resolved({ callback_id }: Members): TranscriptEvent | undefined {
    const key = short(callback_id, MAX_KEY) ?? "";
    const at = open.get(key);
    open.delete(key);
    // A denial, too: the agent tells its model, and the turn goes on.
    return at === undefined ? undefined : { kind: "approved", at: at + 1, key };
  }

  return (line) => {
    if (!TOLD.test(line)) return undefined;
    const { type, payload } = membersOfLine(line);
    if (type === "callback_registered") return registered(members(payload));
    if (type === "callback_resolved") return resolved(members(payload));
    return type === "projection_delta" ? turnIn(members(payload)) : undefined;
  };
}

type Members = ReturnType<typeof members>;

function turnIn({ delta }: Members): TranscriptEvent | undefined {
  const changes = Array.isArray(delta) ? delta.map(members) : [];
  const { state } = changes.find(({ op }) => op === "set_envelope") ?? {};
  const { id, startedAt, completedAt, status, error } = members(members(state).latestTurn);
  const key = short(id, MAX_KEY);
  if (key === undefined || !isTime(startedAt)) return undefined;
  if (status === "in_progress") return { kind: "active", at: startedAt, key };
  if (!isTime(completedAt)) return undefined;
  if (status === "completed") return { kind: "idle", at: completedAt, key };
  if (status === "interrupted") return { kind: "interrupted", at: completedAt, key };
  const message = short(members(error).message, MAX_MESSAGE);
  return status === "failed" ? { kind: "failed", at: completedAt, key, message } : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
