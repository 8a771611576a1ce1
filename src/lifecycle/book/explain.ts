import type { Harnesses } from "../../core/ports/harnesses.ts";
import type { MeantRow, SignalRow, Store } from "../../core/ports/store.ts";
import type { Session } from "../../core/session.ts";
import type { SessionExplanation, SessionView } from "../api.ts";
import { type MakeView, traitsOf } from "../views.ts";
import { meaningOf } from "./meaning-of.ts";

/** A logged signal with what the session's harness makes of it now. */
export function withMeaning(row: SignalRow, session: Session, harnesses: Harnesses): MeantRow {
  return { ...row, meaning: meaningOf(row.signal, session.harness, harnesses) ?? "receipt" };
}

/** Why a session has its status: the verdict, and the newest signals with the rule that decided each. */
export async function explainSession(
  deps: { store: Pick<Store, "listSignals">; harnesses: Harnesses; view: MakeView },
  session: Session,
): Promise<SessionExplanation> {
  const view = deps.view(session);
  const newest = await deps.store.listSignals({ sessionId: session.id, limit: 50, newestFirst: true });
  const signals = newest.reverse().map((row) => withMeaning(row, session, deps.harnesses));
  const traits = traitsOf(session, deps.harnesses);
  return { view, verdict: verdictOf(view, signals), signals, traits };
}

function verdictOf(view: SessionView, signals: readonly SignalRow[]): string {
  const { status, statusReason } = view;
  const proof = signals.find((row) => row.signal.id === view.session.facts.activity.signalId);
  const because = proof ? ` Last proof: ${proof.signal.kind} "${proof.signal.event}" (${proof.rule}).` : "";
  return `${status}: ${statusReason}.${because}`;
}
