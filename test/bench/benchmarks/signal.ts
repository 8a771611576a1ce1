import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { WatchUpdate } from "../../../src/client/watch-update.ts";
import type { ActivityState } from "../../../src/core/session.ts";
import { eventually } from "../../support/eventually.ts";
import type { Benchmark, Scale } from "../measurement.ts";
import { watchArrivals } from "../rig/arrivals.ts";
import { createBenchHome } from "../rig/bench-home.ts";
import { startDirectoryWatcher } from "../rig/directory-watcher.ts";
import { createJsonChild } from "../rig/json-child.ts";
import { seedSessions } from "../rig/live-sessions.ts";
import { startSleepers } from "../rig/sleepers.ts";
import type { SpoolPlan } from "../rig/spool-signals.ts";
import { summarize } from "../samples.ts";

const SCALES: Record<Scale, { sessions: number; seconds: number; warmUpSeconds: number }> = {
  full: { sessions: 100, seconds: 20, warmUpSeconds: 3 },
  quick: { sessions: 100, seconds: 5, warmUpSeconds: 2 },
  smoke: { sessions: 4, seconds: 0.5, warmUpSeconds: 0.1 },
};
const PER_SECOND = 10;
/** One file in so many goes to the floor's directory too. */
const FLOOR_EVERY = 10;

/** Events that take turns, so that each makes a revision, and the state each leaves. */
const TURNS: readonly { event: string; payload: object; state: ActivityState }[] = [
  { event: "prompt", payload: { prompt: "Fix the login test" }, state: "active" },
  { event: "turn-end", payload: { message: "All done." }, state: "idle" },
];

/** Times a signal from its rename into the spool to its message on a watch, through the real shim and daemon. */
export const signal: Benchmark = async (scale) => {
  const { sessions, seconds, warmUpSeconds } = SCALES[scale];
  const perSecond = sessions * PER_SECOND;
  await using sleepers = await startSleepers(sessions);
  await using home = createBenchHome();
  const seeded = await seedSessions(
    home,
    sleepers.identities.map((agent, index) => ({ number: index + 1, harness: "demo", agent })),
  );
  const { client } = await home.start();
  const floorDir = join(home.paths.home, "floor");
  mkdirSync(floorDir);
  using floorWatcher = await startDirectoryWatcher(floorDir);

  const changes = new Map<string, Change[]>(seeded.map(({ session }) => [session.id, []]));
  let arrived = 0;
  await using arrivals = await watchArrivals(client, (update) => {
    if (update.type !== "changed") return;
    arrived += 1;
    changes.get(update.session.id)?.push(changeOf(update));
  });
  const count = Math.round((warmUpSeconds + seconds) * perSecond);
  const spooled = spoolAll({
    spoolDir: home.paths.spoolDir,
    stagingDir: join(home.paths.home, "staging"),
    launchIds: seeded.map(({ launch }) => launch.id),
    turns: TURNS,
    count,
    perSecond,
    floor: { dir: floorDir, every: FLOOR_EVERY },
  });
  const { signals, floors } = await Promise.race([spooled, arrivals.failed]);
  const all = eventually(() => arrived >= count, { timeoutMs: 60_000, what: "every revision" });
  await Promise.race([all, arrivals.failed]);

  const latencies = signals.map((sent, index) => {
    const { session } = seeded[index % sessions] as (typeof seeded)[number];
    const turn = Math.floor(index / sessions);
    return latencyOf(sent, changes.get(session.id)?.[turn], TURNS[turn % TURNS.length]?.state);
  });
  const warmUp = Math.round(warmUpSeconds * perSecond);
  const measured = summarize(latencies.slice(warmUp));
  const seen = await floorWatcher.finish();
  const floor = summarize(
    floors.flatMap((sent, index) => {
      const ns = seen.get(String(index));
      return ns === undefined ? [] : [ms(sent, ns)];
    }),
  );
  const rate = Math.round(1e9 / (Number((signals.at(-1) ?? 0n) - (signals[warmUp] ?? 0n)) / measured.count));
  const note = `${measured.count} signals at ${rate}/s after ${warmUpSeconds} s of warming up`;
  const details = { measured, floor, rate };
  return {
    "signal-p50": { value: measured.p50, floor: floor.p50, note, details },
    "signal-p99": { value: measured.p99, floor: floor.p99, note, details },
  };
};

/** A message of the watch, as far as it matters here. */
interface Change {
  ns: bigint;
  sessionId: string;
  state?: ActivityState;
}

function changeOf({ session }: Extract<WatchUpdate, { type: "snapshot" | "changed" }>): Change {
  return { ns: process.hrtime.bigint(), sessionId: session.id, state: session.activity.state };
}

/** A session's changes come in the order of its signals; anything else would be a wrong figure. */
function latencyOf(sent: bigint, change: Change | undefined, expected: ActivityState | undefined): number {
  if (!change || change.state !== expected)
    throw new Error(`${change?.sessionId} became ${change?.state} where ${expected} was next`);
  return ms(sent, change.ns);
}

function ms(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6;
}

/** Runs the spooling process to its end; when each file was renamed. */
async function spoolAll(plan: SpoolPlan): Promise<{ signals: bigint[]; floors: bigint[] }> {
  const child = createJsonChild(join(import.meta.dirname, "../rig/spool-signals.ts"));
  child.end(JSON.stringify(plan));
  const told = JSON.parse(await child.line()) as { signals: string[]; floors: string[] };
  return { signals: told.signals.map(BigInt), floors: told.floors.map(BigInt) };
}
