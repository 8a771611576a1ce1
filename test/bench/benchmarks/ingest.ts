import { join } from "node:path";
import Database from "better-sqlite3";
import type { ActivityCalls } from "../../../src/client/activity.ts";
import type { Signal, SignalFields, SignalOutcome } from "../../../src/core/signal.ts";
import { toSignalRow } from "../../../src/store/rows/signal-row.ts";
import { createStore } from "../../../src/store/store.ts";
import type { Benchmark, Scale } from "../measurement.ts";
import { type BenchHome, createBenchHome } from "../rig/bench-home.ts";
import { type SeededSession, seedSessions } from "../rig/live-sessions.ts";
import { readProcessCost, TICK_MS } from "../rig/process-cost.ts";
import { startSleepers } from "../rig/sleepers.ts";
import { summarize } from "../samples.ts";

const SCALES: Record<Scale, { launches: number; rounds: number; perRound: number }> = {
  full: { launches: 100, rounds: 9, perRound: 20_480 },
  quick: { launches: 100, rounds: 3, perRound: 10_240 },
  smoke: { launches: 4, rounds: 1, perRound: 512 },
};
const BATCH = 256;
/** The first round only warms daemon and floor up. */
const WARM_UP_ROUNDS = 1;

/** A turn of Claude Code with nine tools: of its 20 signals two change the session, the others are recorded. */
const TURN: readonly string[] = [
  "UserPromptSubmit",
  ...Array.from({ length: 9 }, () => ["PreToolUse", "PostToolUse"]).flat(),
  "Stop",
];

/** Streams signals of many launches to the real daemon, and inserts the same rows with nothing but the driver. */
export const ingest: Benchmark = async (scale) => {
  const { launches, rounds, perRound } = SCALES[scale];
  await using sleepers = await startSleepers(launches);
  await using home = createBenchHome();
  const seeded = await seedSessions(
    home,
    sleepers.identities.map((agent, index) => ({ number: index + 1, harness: "claude-code", agent })),
  );
  using floor = await openFloor(join(home.paths.home, "floor.db"));
  const daemon = await home.start();
  const rates: number[] = [];
  const floorRates: number[] = [];
  const outcomes: Partial<Record<SignalOutcome, number>> = {};
  let cpuTicks = 0;
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    const batches = makeBatches(seeded, { round, count: perRound });
    const before = readProcessCost(daemon.daemonPid).cpuTicks;
    rates.push(await stream(daemon.client.activity, batches, outcomes));
    if (round >= WARM_UP_ROUNDS) cpuTicks += readProcessCost(daemon.daemonPid).cpuTicks - before;
    floorRates.push(floor.insert(batches));
  }
  await daemon.stop();
  const sent = (WARM_UP_ROUNDS + rounds) * perRound;
  expectLogged(home, sent);
  const [measured, bare] = [rates, floorRates].map((list) => summarize(list.slice(WARM_UP_ROUNDS))) as [
    ReturnType<typeof summarize>,
    ReturnType<typeof summarize>,
  ];
  const changed = Math.round((100 * (outcomes.applied ?? 0)) / sent);
  const note = `median of ${rounds} rounds of ${perRound}; ${changed} % change the session; all in the log`;
  // A busy machine takes the daemon's time, but not much of what it needs.
  const daemonCpuMicros = (cpuTicks * TICK_MS * 1000) / (rounds * perRound);
  const details = { measured, floor: bare, outcomes, daemonCpuMicros };
  return { "ingest-rate": { value: measured.p50, floor: bare.p50, note, details } };
};

/** Signals a second from the first batch sent to the last one acknowledged. */
async function stream(
  activity: ActivityCalls,
  batches: readonly Signal[][],
  outcomes: Partial<Record<SignalOutcome, number>>,
): Promise<number> {
  const source = async function* () {
    yield* batches;
  };
  let acknowledged = 0;
  const start = performance.now();
  for await (const acks of activity.stream(source())) {
    acknowledged += acks.length;
    for (const { outcome = "rejected" } of acks) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return (acknowledged / (performance.now() - start)) * 1000;
}

/** Batches in which the launches take turns, as they do when many agents work at once. */
function makeBatches(
  seeded: readonly SeededSession[],
  { round, count }: { round: number; count: number },
): Signal[][] {
  const start = Date.now() - Math.ceil(count / seeded.length);
  const signals = Array.from({ length: count }, (_, index) => {
    const { launch } = seeded[index % seeded.length] as SeededSession;
    const step = Math.floor(index / seeded.length);
    return makeSignal({ launchId: launch.id, round, step, observedTime: start + step });
  });
  const batches: Signal[][] = [];
  for (let at = 0; at < signals.length; at += BATCH) batches.push(signals.slice(at, at + BATCH));
  return batches;
}

function makeSignal(of: { launchId: string; round: number; step: number; observedTime: number }): Signal {
  const { launchId, round, step, observedTime } = of;
  const event = TURN[step % TURN.length] as string;
  return {
    id: `${observedTime}000000-${round}-${step}`,
    launchId,
    seq: step + 1,
    observedTime,
    kind: "hook",
    harness: "claude-code",
    event,
    fields: fieldsOf(event, launchId, Math.floor((step - 1) / 2)),
  };
}

function fieldsOf(event: string, launchId: string, use: number): SignalFields {
  const common: SignalFields = {
    nativeSessionId: `${launchId}-native`,
    transcriptPath: `/home/dev/.claude/projects/-shop/${launchId}.jsonl`,
    cwd: "/home/dev/shop",
  };
  switch (event) {
    case "UserPromptSubmit":
      return { ...common, prompt: "Fix the login test and say what was wrong with it." };
    case "Stop":
      return { ...common, message: "The test waits for the redirect now.", backgroundTasks: 0 };
    default:
      return { ...common, toolName: "Bash", toolUseId: `toolu_${use}`, toolInputDigest: "0123456789abcdef" };
  }
}

/** The same table in the same mode, and a prepared insert. */
async function openFloor(path: string) {
  await (await createStore({ databasePath: path })).close();
  const database = new Database(path);
  database.pragma("journal_mode = wal");
  database.pragma("synchronous = full");
  const sample = makeSignal({ launchId: "l", round: 0, step: 0, observedTime: 0 });
  const columns = Object.keys(toRow(sample)).map(
    (name) => `"${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`,
  );
  const places = columns.map(() => "?").join(", ");
  const add = database.prepare(`insert into signal (${columns.join(", ")}) values (${places})`);
  return {
    /** Rows a second. */
    insert(batches: readonly Signal[][]): number {
      const rows = batches.map((batch) => batch.map((signal) => Object.values(toRow(signal))));
      const start = performance.now();
      for (const batch of rows) {
        database.exec("begin immediate");
        for (const row of batch) add.run(...row);
        database.exec("commit");
      }
      return (rows.flat().length / (performance.now() - start)) * 1000;
    },
    [Symbol.dispose]: () => void database.close(),
  };
}

function toRow(signal: Signal) {
  return toSignalRow({
    signal,
    sessionId: "bench-100",
    outcome: "recorded",
    rule: "-",
    reason: "the turn goes on",
    statusAfter: "working",
    commitTime: Date.now(),
  });
}

/** Everything that was acknowledged is on disk, once. */
function expectLogged(home: BenchHome, sent: number): void {
  const database = new Database(home.paths.databasePath, { readonly: true });
  try {
    const row = database.prepare<{ logged: number }>("select count(*) as logged from signal").get();
    if (row?.logged !== sent) throw new Error(`${row?.logged} of ${sent} signals are in the log`);
  } finally {
    database.close();
  }
}
