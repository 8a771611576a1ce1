import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { WatchUpdate } from "../../../src/client/watch-update.ts";
import type { ActivityState } from "../../../src/core/session.ts";
import { eventually } from "../../support/eventually.ts";
import type { Benchmark, Scale } from "../measurement.ts";
import { watchArrivals } from "../rig/arrivals.ts";
import { createBenchHome } from "../rig/bench-home.ts";
import { startDirectoryWatcher } from "../rig/directory-watcher.ts";
import { seedSessions } from "../rig/live-sessions.ts";
import { pace } from "../rig/pace.ts";
import { startSleepers } from "../rig/sleepers.ts";
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

  const desk = createDesk(seeded.map(({ session }) => session.id));
  await using arrivals = await watchArrivals(client, desk.arrived);
  const count = Math.round((warmUpSeconds + seconds) * perSecond);
  const sending = pace({ count, perSecond }, (index) => {
    const { session, launch } = seeded[index % sessions] as (typeof seeded)[number];
    const turn = TURNS[Math.floor(index / sessions) % TURNS.length] as (typeof TURNS)[number];
    spool(home.paths.spoolDir, { launchId: launch.id, event: turn.event, payload: turn.payload, index });
    desk.sent(session.id, turn.state);
    if (index % FLOOR_EVERY === 0) floorWatcher.drop();
  });
  await Promise.race([sending, arrivals.failed]);
  const all = eventually(() => desk.latencies.length === count, {
    timeoutMs: 60_000,
    what: "every revision",
  });
  await Promise.race([all, arrivals.failed]);

  const measured = summarize(desk.latencies.slice(Math.round(warmUpSeconds * perSecond)));
  const floor = summarize(await floorWatcher.finish());
  const note = `${measured.count} signals in ${seconds} s after ${warmUpSeconds} s of warming up`;
  const details = { measured, floor };
  return {
    "signal-p50": { value: measured.p50, floor: floor.p50, note, details },
    "signal-p99": { value: measured.p99, floor: floor.p99, note, details },
  };
};

/** Matches what arrives with what was sent: a session's changes come in the order of its signals. */
function createDesk(sessionIds: readonly string[]) {
  const awaited = new Map(sessionIds.map((id) => [id, [] as { time: number; state: ActivityState }[]]));
  const latencies: number[] = [];
  return {
    latencies,
    /** Call right after the rename. */
    sent(sessionId: string, state: ActivityState) {
      awaited.get(sessionId)?.push({ time: performance.now(), state });
    },
    arrived(update: WatchUpdate, time: number) {
      if (update.type !== "changed") return;
      const { id, activity } = update.session;
      const first = awaited.get(id)?.shift();
      if (!first || first.state !== activity.state)
        throw new Error(`${id} became ${activity.state} where ${first?.state ?? "nothing"} was next`);
      latencies.push(time - first.time);
    },
  };
}

function spool(dir: string, file: { launchId: string; event: string; payload: object; index: number }): void {
  const { launchId, event, payload, index } = file;
  const temporary = join(dir, `.${launchId}.${process.pid}`);
  writeFileSync(temporary, JSON.stringify({ session_id: `${launchId}-native`, ...payload }));
  renameSync(temporary, join(dir, `${launchId}.${process.pid}-${index}.${event}`));
}
