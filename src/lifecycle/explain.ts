import type { SignalRow, Store } from "../core/ports/store.ts";
import type { Session } from "../core/session.ts";
import type { SessionView } from "./api.ts";
import type { MakeView } from "./views.ts";

/** Why a session has its status: the verdict, and the newest signals with the rule that decided each. */
export async function explainSession(
  deps: { store: Pick<Store, "listSignals">; view: MakeView },
  session: Session,
): Promise<{ view: SessionView; verdict: string; signals: SignalRow[] }> {
  const view = deps.view(session);
  const newest = await deps.store.listSignals({ sessionId: session.id, limit: 50, newestFirst: true });
  const signals = newest.reverse();
  return { view, verdict: verdictOf(view, signals), signals };
}

function verdictOf(view: SessionView, signals: readonly SignalRow[]): string {
  const { status, statusReason } = view;
  const proof = signals.find((row) => row.signal.id === view.session.facts.activity.signalId);
  const because = proof ? ` Last proof: ${proof.signal.kind} "${proof.signal.event}" (${proof.rule}).` : "";
  return `${status}: ${statusReason}.${because}`;
}
