import type { AoClient } from "../../../src/client/client.ts";
import type { SignalRow } from "../../../src/core/ports/store.ts";
import type { SessionInfo } from "../../../src/wire/session-info.ts";
import { type ChaosAgent, readLedger } from "./agents.ts";

/** Hooks fired against signals logged. */
export interface Audit {
  fired: number;
  /** Hooks that did not end with 0, and bytes they said on stderr. */
  failed: number;
  stderrBytes: number;
  logged: number;
  lost: number;
  duplicate: number;
  misplaced: number;
  /** Logged by a hook that was killed; it may be there or not. */
  killedLogged: number;
  /** Up to 20 descriptions. */
  wrong: string[];
}

/** Compares the log of every agent's launch, read page by page, with what the agent says it fired. */
export async function auditSignals(client: AoClient, agents: readonly ChaosAgent[]): Promise<Audit> {
  const audit: Audit = {
    fired: 0,
    failed: 0,
    stderrBytes: 0,
    logged: 0,
    lost: 0,
    duplicate: 0,
    misplaced: 0,
    killedLogged: 0,
    wrong: [],
  };
  for (const agent of agents) auditAgent(audit, agent, await readLog(client, agent));
  return audit;
}

function auditAgent(audit: Audit, agent: ChaosAgent, rows: readonly SignalRow[]): void {
  const ledger = readLedger(agent);
  const note = (text: string) =>
    void (audit.wrong.length < 20 && audit.wrong.push(`${agent.sessionId}: ${text}`));
  const hooks = rows.filter(({ signal }) => signal.kind === "hook");
  const numbered = hooks.flatMap((row) => {
    const number = /^n-(\d+)$/.exec(row.signal.fields.source ?? "")?.[1];
    return number === undefined ? [] : [{ number: Number(number), row }];
  });
  const times = new Map<number, number>();
  for (const { number } of numbered) times.set(number, (times.get(number) ?? 0) + 1);
  const lost = ledger.fired.filter((number) => !times.has(number));
  const repeated = [...times].filter(([, count]) => count > 1);
  audit.fired += ledger.fired.length;
  audit.failed += ledger.failures.length;
  audit.stderrBytes += ledger.stderrBytes;
  audit.logged += numbered.length;
  audit.lost += lost.length;
  audit.duplicate += repeated.length;
  audit.killedLogged += hooks.length - numbered.length;
  if (lost.length > 0) note(`lost ${lost.slice(0, 5)}`);
  if (repeated.length > 0) note(`twice ${repeated.slice(0, 5)}`);
  for (const [index, { number, row }] of numbered.entries()) {
    const before = numbered[index - 1];
    if (!before || (before.number <= number && before.row.signal.observedTime <= row.signal.observedTime))
      continue;
    audit.misplaced += 1;
    note(`${number} (${row.signal.id}) stands after ${before.number} (${before.row.signal.id})`);
  }
  for (const row of rows) {
    if (row.outcome === "applied" || row.outcome === "recorded" || row.outcome === "superseded") continue;
    audit.duplicate += 1;
    note(`${row.signal.event} was logged as ${row.outcome}`);
  }
}

/** The launch's signals in the order they were logged. */
export async function readLog(
  client: AoClient,
  agent: { sessionId: string; launchId: string },
): Promise<SignalRow[]> {
  const rows: SignalRow[] = [];
  let pageToken = "";
  do {
    const { sessionId, launchId } = agent;
    const page = await client.activity.list({ sessionId, launchId, pageSize: 500, pageToken });
    rows.push(...page.signals);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return rows.reverse();
}

/** What a session has come to, without what differs from run to run. */
export function finalState(session: SessionInfo) {
  const { status, statusReason, activity, process, nativeSessionIds, title, summary, backgroundTasks } =
    session;
  const { kind, tool, requestId } = activity.waitingOn ?? {};
  return JSON.stringify({
    status,
    statusReason,
    activity: activity.state,
    waitingOn: activity.waitingOn && { kind, tool, requestId },
    process: process.state,
    exit: process.exit && { ...process.exit, time: undefined },
    nativeSessionIds,
    title,
    summary,
    backgroundTasks,
  });
}
