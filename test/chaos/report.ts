import type { ExactlyOnceResult } from "./exactly-once.ts";
import type { ExitsResult } from "./exits.ts";
import type { Deaths } from "./rig/breaker.ts";
import type { SendsResult } from "./sends.ts";
import type { WatchesResult } from "./watches.ts";

/** A line of the result; `ok` is absent where there is nothing to be right or wrong about. */
export interface Row {
  what: string;
  value: string;
  ok?: boolean;
}

/** What the run of the watches must show. */
export function watchesRows(result: WatchesResult): Row[] {
  const { restarts, watchers, wrong } = result;
  return [
    { what: "revisions", value: String(result.head), ok: result.head > 50 },
    {
      what: "daemon killed, stopped; connections cut",
      value: `${restarts.killed}, ${restarts.stopped}; ${result.cuts}`,
      ok: restarts.killed + restarts.stopped > 0 && result.cuts > 0,
    },
    ...watchers.map(({ name, changes, snapshots, breaks }) => ({
      what: name,
      value: `${changes} changes, ${snapshots} snapshot, ${breaks} breaks`,
      ok: snapshots === 1 && changes > 10 && breaks > 0,
    })),
    {
      what: "repeated, skipped, or otherwise than listed",
      value: String(wrong.length),
      ok: wrong.length === 0,
    },
    ...wrong.map((value) => ({ what: "", value, ok: false })),
  ];
}

/** What the run of the hooks must show, and what it was put through. */
export function exactlyOnceRows(result: ExactlyOnceResult, must: { everyFailPoint: boolean }): Row[] {
  const { revisions, sessions, differing, undisturbed } = result;
  const expected = result.fired;
  return [
    { what: "hooks fired", value: `${expected} by ${sessions} sessions in ${result.seconds.toFixed(0)} s` },
    {
      what: "hooks that failed or spoke on stderr",
      value: `${result.failed}, ${result.stderrBytes} bytes`,
      ok: result.failed === 0 && result.stderrBytes === 0,
    },
    { what: "signals logged", value: String(result.logged), ok: result.logged === expected && expected > 0 },
    { what: "lost", value: String(result.lost), ok: result.lost === 0 },
    { what: "duplicate", value: String(result.duplicate), ok: result.duplicate === 0 },
    { what: "out of order", value: String(result.misplaced), ok: result.misplaced === 0 },
    ...result.wrong.map((value) => ({ what: "", value, ok: false })),
    {
      what: "revisions seen once on a watch",
      value: `${revisions.seen} of ${revisions.head}, ${revisions.disconnects} disconnects`,
      ok: revisions.seen === revisions.head && revisions.wrong.length === 0,
    },
    ...revisions.wrong.map((value) => ({ what: "", value, ok: false })),
    {
      what: "final states as undisturbed",
      value: `${sessions - differing.length} of ${sessions}`,
      ok: differing.length === 0,
    },
    ...differing.map((value) => ({ what: "", value, ok: false })),
    {
      what: "lost, duplicate, out of order undisturbed",
      value: `${undisturbed.lost}, ${undisturbed.duplicate}, ${undisturbed.misplaced} in ${undisturbed.seconds.toFixed(0)} s`,
      ok: undisturbed.lost + undisturbed.duplicate + undisturbed.misplaced === 0,
    },
    { what: "events of killed hooks that arrived", value: String(result.killedLogged) },
    ...deathRows(result.deaths),
    ...(must.everyFailPoint
      ? [
          {
            what: "died at every fail point",
            value: String(result.everyFailPoint),
            ok: result.everyFailPoint,
          },
        ]
      : []),
  ];
}

/** What the run of the exits must show. */
export function exitRows({ right, expected, wrong, deaths, seconds }: ExitsResult): Row[] {
  const each = Object.entries(expected).map(([name, count]) => ({
    what: `${name} right`,
    value: `${right[name]} of ${count}`,
    ok: right[name] === count && count > 0,
  }));
  return [
    ...each,
    { what: "wrong", value: `${wrong.length} in ${seconds.toFixed(0)} s`, ok: wrong.length === 0 },
    ...wrong.map((value) => ({ what: "", value, ok: false })),
    ...deathRows(deaths),
  ];
}

/** What the run of the sends must show. */
export function sendRows({ stages, refusals, wrong, events, deaths, ...run }: SendsResult): Row[] {
  const words = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  const total = Object.values(stages).reduce((a, b) => a + b, 0);
  // Of a handful, chance alone may refuse most.
  const leastAcknowledged = run.sends < 100 ? 0 : run.sends / 2;
  return [
    {
      what: "messages sent",
      value: `${run.sends} to ${run.sessions} agents in ${run.seconds.toFixed(0)} s`,
      ok: total > 0,
    },
    { what: "ended", value: words(stages), ok: (stages.acknowledged ?? 0) > leastAcknowledged },
    { what: "senders told why nothing was typed", value: words(refusals) },
    {
      what: "lost in silence, doubled, overtaken, into a dialog or a shell",
      value: String(wrong.length),
      ok: wrong.length === 0,
    },
    ...wrong.slice(0, 20).map((value) => ({ what: "", value, ok: false })),
    { what: "what the agents got and did", value: words(events) },
    { what: "the daemon died at", value: words(deaths) },
  ];
}

function deathRows({ daemon, shim, atPoint }: Deaths): Row[] {
  const points = Object.entries(atPoint).map(([name, count]) => `${name} ${count}`);
  return [
    { what: "killed at random", value: `daemon ${daemon}, shim ${shim}` },
    { what: "died at fail points", value: points.join(", ") },
  ];
}

export function printTable(title: string, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const lines = rows.map(
    ({ what, value, ok }) =>
      `${ok === undefined ? "    " : ok ? " ok " : "FAIL"}  ${what.padEnd(width)}  ${value}`,
  );
  process.stdout.write(`\n${title}\n${lines.join("\n")}\n`);
}
