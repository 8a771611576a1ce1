import type { MeantRow } from "../ports/store.ts";
import type { ActivityState } from "../session.ts";
import { type SpokenState, speaksFor } from "./speaks-for.ts";

/** What led to a session's state, and what speaks against it. */
export interface Diagnosis {
  /** The signal the state rests on: the one that misled, where the state is wrong. */
  proof?: MeantRow;
  /** Signals of the same launch that came after it, oldest first. */
  after: readonly MeantRow[];
  /** The newest of these that by itself speaks for another state; the newest witness among them goes first. */
  against?: { row: MeantRow; speaks: SpokenState };
}

/**
 * Says what a state rests on.
 *
 * `signals` are the newest of the log, oldest first; `proofSignalId` names the signal the activity rests on, which may
 * be older than all of them.
 */
export function diagnose(known: {
  state: ActivityState | undefined;
  launchId: string;
  signals: readonly MeantRow[];
  proofSignalId: string;
}): Diagnosis {
  const { state, proofSignalId } = known;
  const rows = known.signals.filter(({ signal }) => signal.launchId === known.launchId);
  const index = rows.findIndex(({ signal }) => signal.id === proofSignalId);
  const after = rows.slice(index + 1);
  const shown = state && spokenStateOf(state);
  const speaking = after.flatMap((row) => {
    const speaks = speaksFor(row.meaning);
    return speaks && speaks !== shown ? [{ row, speaks }] : [];
  });
  const witness = speaking.findLast(({ row }) => row.signal.kind === "witness");
  return { proof: rows[index], after, against: witness ?? speaking.at(-1) };
}

function spokenStateOf(state: ActivityState): SpokenState {
  switch (state) {
    case "blocked":
    case "waiting_input":
      return "needs";
    case "active":
    case "idle":
    case "exited":
      return state;
  }
}
