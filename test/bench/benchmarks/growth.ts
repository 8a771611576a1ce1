import type { AoClient } from "../../../src/client/client.ts";
import type { ProcessIdentity } from "../../../src/core/ports/runtime.ts";
import type { Change, LoggedSignal } from "../../../src/core/ports/store.ts";
import { createProcessTable } from "../../../src/runtime/process-table.ts";
import type { Benchmark, Scale } from "../measurement.ts";
import { type BenchHome, createBenchHome } from "../rig/bench-home.ts";
import { EPOCH, firstCommit, makeSession, openStore, type SeededSession } from "../rig/live-sessions.ts";
import { startSleepers } from "../rig/sleepers.ts";
import { summarize } from "../samples.ts";

interface Size {
  sessions: number;
  live: number;
  signalsEach: number;
  /** One signal in so many changes its session. */
  changeEvery: number;
}

const SMALL: Size = { sessions: 100, live: 100, signalsEach: 2, changeEvery: 1 };
const SCALES: Record<Scale, { size: Size; pages: number; resumes: number; far: number }> = {
  full: {
    size: { sessions: 10_000, live: 100, signalsEach: 100, changeEvery: 12 },
    pages: 400,
    resumes: 40,
    far: 10_000,
  },
  quick: {
    size: { sessions: 10_000, live: 100, signalsEach: 10, changeEvery: 10 },
    pages: 200,
    resumes: 20,
    far: 10_000,
  },
  smoke: {
    size: { sessions: 200, live: 10, signalsEach: 4, changeEvery: 2 },
    pages: 5,
    resumes: 2,
    far: 300,
  },
};
const NEAR = 100;
const PAGE = 50;
/** A far resume costs as much as a hundred near ones. */
const FAR_ONE_IN = 4;
const WARM_UP = 5;
const COMMIT_SESSIONS = 100;

/** Compares a store that is a year old with a new one, call by call. */
export const growth: Benchmark = async (scale) => {
  const { size, pages, resumes, far } = SCALES[scale];
  await using sleepers = await startSleepers(SMALL.live);
  await using smallHome = createBenchHome();
  await using bigHome = createBenchHome();
  await fill(smallHome, SMALL, sleepers.identities);
  await fill(bigHome, size, sleepers.identities);
  const small = (await smallHome.start()).client;
  const big = (await bigHome.start()).client;

  const [list, listFloor] = await timePages(big, small, pages);
  const near: number[] = [];
  const nearFloor: number[] = [];
  const each: number[] = [];
  for (let index = 0; index < resumes + WARM_UP; index++) {
    const [one, floor] = [await timeResume(big, NEAR), await timeResume(small, NEAR)];
    if (index < WARM_UP) continue;
    near.push(one);
    nearFloor.push(floor);
    if ((index - WARM_UP) % FAR_ONE_IN === 0) each.push((1000 * (await timeResume(big, far))) / far);
  }
  const [nearShape, nearFloorShape, eachShape] = [summarize(near), summarize(nearFloor), summarize(each)];
  const note = `${size.sessions} sessions, ${size.sessions * size.signalsEach} signals`;
  return {
    "growth-list": {
      value: list.p99,
      floor: listFloor.p99,
      note: `${note}; ${list.count} pages of ${PAGE}`,
      details: { list, listFloor },
    },
    "growth-watch-size": {
      value: nearShape.p50,
      floor: nearFloorShape.p50,
      note,
      details: { near: nearShape, nearFloor: nearFloorShape },
    },
    "growth-watch-missed": {
      value: eachShape.p50,
      floor: (1000 * nearShape.p50) / NEAR,
      note: `${far} changes missed`,
      details: { each: eachShape },
    },
  };
};

/** Fills a store: sessions of which the last `live` run, and their signals, some of which changed them. */
async function fill(home: BenchHome, size: Size, agents: readonly ProcessIdentity[]): Promise<void> {
  const bootId = await createProcessTable().bootId();
  const store = await openStore(home);
  try {
    let head = 0;
    for (let start = 0; start < size.sessions; start += COMMIT_SESSIONS) {
      const count = Math.min(COMMIT_SESSIONS, size.sessions - start);
      const seeded = Array.from({ length: count }, (_, index) => {
        const number = start + index + 1;
        const agent = agents[number - 1 - (size.sessions - size.live)];
        return makeSession(home.paths, { number, harness: "demo", agent }, bootId);
      });
      const { sessions = [], launches, changes = [] } = firstCommit(seeded);
      const own = changes.map((change) => ({ ...change, revision: head + change.revision }));
      head += own.length;
      const told = seeded.flatMap((one) => signalsOf(one, size));
      const later = told.flatMap(({ changed }) => (changed ? [changed] : []));
      const numbered = later.map((change, index) => ({ ...change, revision: head + index + 1 }));
      head += numbered.length;
      const signals = told.map(({ logged }) => logged);
      await store.commit({ sessions, launches, signals, changes: [...own, ...numbered] });
    }
  } finally {
    await store.close();
  }
}

function signalsOf(
  { session }: SeededSession,
  size: Size,
): { logged: LoggedSignal; changed?: Omit<Change, "revision"> }[] {
  const { id: sessionId, projectId, harness, facts, updateTime } = session;
  return Array.from({ length: size.signalsEach }, (_, index) => {
    const observedTime = updateTime - (size.signalsEach - index) * 1000;
    const isChange = index % size.changeEvery === 0;
    const logged: LoggedSignal = {
      signal: {
        id: `${observedTime}000000-${index}-0`,
        launchId: facts.launchId,
        seq: index + 1,
        observedTime,
        kind: "hook",
        harness,
        event: isChange ? "prompt" : "tool-start",
        fields: { nativeSessionId: facts.nativeSessionIds[0], toolName: "Bash", toolUseId: `tool-${index}` },
      },
      sessionId,
      outcome: isChange ? "applied" : "recorded",
      rule: "-",
      reason: isChange ? "a prompt began the turn" : "the turn goes on",
      statusAfter: "working",
      commitTime: observedTime,
    };
    if (!isChange) return { logged };
    const changed = {
      epoch: EPOCH,
      type: "changed" as const,
      sessionId,
      projectId,
      commitTime: observedTime,
      session,
    };
    return { logged, changed };
  });
}

/** Pages from the newest session to the oldest and again, of both stores in turn. */
async function timePages(big: AoClient, small: AoClient, count: number) {
  const times: [number[], number[]] = [[], []];
  const tokens = ["", ""];
  for (let index = 0; index < count + WARM_UP; index++) {
    for (const [which, client] of [big, small].entries()) {
      const start = performance.now();
      const page = await client.sessions.list({ pageSize: PAGE, pageToken: tokens[which] });
      if (index >= WARM_UP) times[which]?.push(performance.now() - start);
      if (page.sessions.length !== PAGE) throw new Error(`a page had ${page.sessions.length} sessions`);
      tokens[which] = page.nextPageToken;
    }
  }
  return [summarize(times[0]), summarize(times[1])] as const;
}

/** Ms until a watch that missed `missed` changes has caught up. */
async function timeResume(client: AoClient, missed: number): Promise<number> {
  const { revision: head } = await client.daemon.get();
  const ending = new AbortController();
  const start = performance.now();
  let next = head - missed;
  try {
    for await (const update of client.sessions.watch({ afterRevision: next }, ending.signal)) {
      next += 1;
      if (update.revision !== next)
        throw new Error(`revision ${update.revision} came where ${next} was next`);
      if (next === head) return performance.now() - start;
    }
  } finally {
    ending.abort();
  }
  throw new Error("the watch ended before its head");
}
