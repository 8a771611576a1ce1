import { setTimeout as sleep } from "node:timers/promises";
import { AoError } from "../core/errors.ts";
import type { AoClient, SessionInfo } from "./client-types.ts";

/** What became of one session: restored, refused with a reason, or not tried. */
export type RestoreOutcome =
  | { id: string; outcome: "restored" | "would_restore"; mode: string }
  | { id: string; outcome: "impossible" | "failed"; problem: string }
  | { id: string; outcome: "left_out" };

export interface RestoreAllOptions {
  /** Sessions started at most; the others are left out. */
  limit: number;
  /** ms between two starts. */
  staggerMs: number;
  dryRun: boolean;
  environment: Readonly<Record<string, string>>;
  /** Hears each outcome at once. */
  tell(outcome: RestoreOutcome): void;
}

/** Sessions whose process ended although nobody asked for it, newest first. */
export function endedUnasked(sessions: readonly SessionInfo[]): SessionInfo[] {
  return sessions.filter((session) => session.restore?.endedUnasked);
}

/** Restores what can be restored, one after the other; one that fails does not keep the others. */
export async function restoreAll(
  client: AoClient,
  sessions: readonly SessionInfo[],
  options: RestoreAllOptions,
): Promise<RestoreOutcome[]> {
  const outcomes: RestoreOutcome[] = [];
  let started = 0;
  for (const session of sessions) {
    const outcome = await restoreNext(client, session, { ...options, started });
    if (outcome.outcome !== "impossible" && outcome.outcome !== "left_out") started += 1;
    outcomes.push(outcome);
    options.tell(outcome);
  }
  return outcomes;
}

async function restoreNext(
  client: AoClient,
  { id, restore }: SessionInfo,
  options: RestoreAllOptions & { started: number },
): Promise<RestoreOutcome> {
  if (restore?.mode === "impossible") return { id, outcome: "impossible", problem: restore.problem };
  if (options.started >= options.limit) return { id, outcome: "left_out" };
  if (options.dryRun) return { id, outcome: "would_restore", mode: restore?.mode ?? "unknown" };
  if (options.started > 0) await sleep(options.staggerMs);
  try {
    const { mode = "unknown" } = await client.sessions.restore({
      sessionId: id,
      environment: options.environment,
    });
    return { id, outcome: "restored", mode };
  } catch (error) {
    // Without a daemon the rest would fail alike.
    if (!(error instanceof AoError) || error.kind === "unavailable") throw error;
    return { id, outcome: "failed", problem: error.message };
  }
}
