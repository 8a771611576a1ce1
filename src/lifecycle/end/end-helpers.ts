import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";

const GRACE_MS = 2000;

/**
 * Ends what an agent of an ended launch started for itself and left behind, where its harness knows that it does; of one
 * launch, or of all. What would not end is logged: whoever needs it gone looks again.
 */
export async function endHelpers(
  deps: LifecycleDeps,
  session: Session,
  { launchId }: { launchId?: string } = {},
): Promise<void> {
  const { isHelper } = deps.harnesses.find(session.harness) ?? {};
  if (!isHelper) return;
  const tag = { sessionId: session.id, ...(launchId && { launchId }) };
  const pids = await deps.processes.killTree({ tag, roots: [], graceMs: GRACE_MS, only: isHelper });
  if (pids.length > 0) deps.log.warn({ sessionId: session.id, pids }, "the agent's own daemon would not end");
}
