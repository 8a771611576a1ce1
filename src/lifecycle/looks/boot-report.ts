import { endedUnasked } from "../../core/restore-plan.ts";
import type { Session } from "../../core/session.ts";
import type { BootDeath, BootReport } from "../api.ts";
import type { LifecycleDeps } from "../deps.ts";
import { mayRun, processOf } from "../lookups.ts";
import { statusOf } from "../views.ts";

/** Follows the sessions that were live when this daemon started, until the fate of each is known. */
export interface BootReconciliation {
  /** Looks at those not yet decided; true when none is left, which is logged once. */
  round(): Promise<boolean>;
  report(): Promise<BootReport>;
}

type Fate = "pending" | "adopted" | "ended" | "gone";

/** Call before anything is decided about sessions of earlier daemons. */
export function createBootReconciliation(
  deps: LifecycleDeps & { spooledFor: (launchId: string) => Promise<boolean> },
): BootReconciliation {
  const found = deps.book.live().filter(mayRun);
  const fates = new Map<Session, Fate>(found.map((session) => [session, "pending"]));
  const having = (fate: Fate) => found.filter((session) => fates.get(session) === fate);
  let logged = false;

  const report = async (): Promise<BootReport> => {
    const ended = await Promise.all(having("ended").map((session) => stillEnded(deps, session)));
    const deaths = ended.flatMap((session) => (session ? [deathOf(deps, session)] : []));
    return { adopted: having("adopted").length, pending: having("pending").length, deaths };
  };
  const conclude = async () => {
    logged = true;
    if (found.length === 0) return;
    const { adopted, deaths } = await report();
    const told = deaths.map(({ sessionId, reason }) => `${sessionId}: ${reason}`);
    deps.log.info({ adopted, died: deaths.length, deaths: told }, "sessions of the daemon before reconciled");
  };
  return {
    report,
    async round() {
      for (const session of having("pending")) fates.set(session, await fateOf(deps, session));
      if (having("pending").length > 0) return false;
      if (!logged) await conclude();
      return true;
    },
  };
}

/** Adopted only once seen alive with nothing left in the spool that could say otherwise. */
async function fateOf(
  deps: LifecycleDeps & { spooledFor: (launchId: string) => Promise<boolean> },
  { id, facts }: Session,
): Promise<Fate> {
  const session = await deps.book.get(id);
  if (!session || session.facts.launchId !== facts.launchId) return "gone";
  if (!mayRun(session)) return "ended";
  const identity = processOf(session);
  if (!identity) return "pending";
  if (await deps.spooledFor(facts.launchId)) return "pending";
  const look = await deps.processes.look(identity);
  return look === "alive" || look === "stopped" ? "adopted" : "pending";
}

/** Undefined once it was started again or removed. */
async function stillEnded(deps: LifecycleDeps, { id, facts }: Session): Promise<Session | undefined> {
  const session = await deps.book.get(id);
  const isSame = session?.facts.launchId === facts.launchId && !mayRun(session);
  return isSame ? session : undefined;
}

function deathOf(deps: LifecycleDeps, session: Session): BootDeath {
  const { status, reason } = statusOf(session, deps.harnesses, deps.clock.now());
  return { sessionId: session.id, status, reason, unasked: endedUnasked(session.facts) };
}
