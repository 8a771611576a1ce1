import { join } from "node:path";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { PROCESS_EVENTS } from "../../src/core/launch-manifest.ts";
import { initialFacts } from "../../src/core/reducer/initial-facts.ts";
import { formatTrace, makeTrace } from "../../src/core/replay/make-trace.ts";
import { parseTrace } from "../../src/core/replay/parse-trace.ts";
import { type ReplayStep, replayTrace } from "../../src/core/replay/replay-trace.ts";
import type { Session, Status } from "../../src/core/session.ts";
import { MEANINGS, type Signal, type SignalFields, type SignalKind } from "../../src/core/signal.ts";
import { nextStatusChange } from "../../src/core/status.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { withMeaning } from "../../src/lifecycle/book/explain.ts";
import { createSessionBook } from "../../src/lifecycle/book/session-book.ts";
import { statusOf, traitsOf } from "../../src/lifecycle/views.ts";
import { createStore } from "../../src/store/store.ts";
import { silentLog } from "../../src/util/log.ts";
import { arbitraryFields } from "../core/arbitrary-signals.ts";
import { launch, project, session } from "../store/samples.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const harnesses = createHarnesses();
const HARNESSES = ["claude-code", "codex", "opencode"] as const;

/** What happens to a session, in order. */
type Happening =
  | { what: "signal"; kind: SignalKind; event: string; fields: SignalFields; lateMs: number; stale: boolean }
  | { what: "time"; ms: number }
  | { what: "relaunch"; promptPending: boolean };

interface Life {
  harness: (typeof HARNESSES)[number];
  headless: boolean;
  promptPending: boolean;
  happenings: Happening[];
}

const arbitraryLife: fc.Arbitrary<Life> = fc.constantFrom(...HARNESSES).chain((harness) => {
  const events = [...new Set(harnesses.get(harness).events.map(({ event }) => event)), "Unheard"];
  const named = fc.oneof(
    fc.record({ kind: fc.constant<SignalKind>("hook"), event: fc.constantFrom(...events) }),
    fc.record({
      kind: fc.constantFrom<SignalKind>("witness", "probe", "request"),
      event: fc.constantFrom(...MEANINGS.filter((meaning) => meaning !== "launch_requested")),
    }),
    fc.record({
      kind: fc.constant<SignalKind>("process"),
      event: fc.constantFrom(PROCESS_EVENTS.started, PROCESS_EVENTS.started, PROCESS_EVENTS.exited),
    }),
  );
  const signal = fc
    .tuple(
      named,
      arbitraryFields,
      fc.constantFrom(0, 0, 0, 40, 3000, 90_000),
      fc.integer({ min: 0, max: 19 }),
    )
    .map(
      ([name, fields, lateMs, n]): Happening => ({ what: "signal", ...name, fields, lateMs, stale: n === 0 }),
    );
  const time = fc
    .constantFrom(1, 30, 700, 5000, 91_000, 130_000)
    .map((ms): Happening => ({ what: "time", ms }));
  const relaunch = fc.boolean().map((promptPending): Happening => ({ what: "relaunch", promptPending }));
  const happening = fc.oneof(
    { arbitrary: signal, weight: 12 },
    { arbitrary: time, weight: 5 },
    { arbitrary: relaunch, weight: 1 },
  );
  return fc.record({
    harness: fc.constant(harness),
    headless: fc.boolean(),
    promptPending: fc.boolean(),
    happenings: fc.array(happening, { maxLength: 40 }),
  });
});

/** Lives it against a real session book and store; returns what watchers were told and what was recorded. */
async function live({ harness, headless, promptPending, happenings }: Life) {
  using dir = tempDir();
  const store = await createStore({ databasePath: join(dir.path, "ao.db") });
  await store.syncHarnesses(harnesses.list());
  await store.insertProject(project());
  const clock = createManualClock();
  const book = await createSessionBook({ store, clock, harnesses, log: silentLog });
  const current = async (): Promise<Session> => {
    const found = await book.get("shop-1");
    if (!found) throw new Error("the session vanished");
    return found;
  };
  /** Goes on to a moment as time does, which passes every moment before it. */
  const passTime = async (ms: number) => {
    const end = clock.now() + ms;
    for (;;) {
      const now = clock.now();
      const { facts } = await current();
      const next = nextStatusChange(facts, harnesses.get(harness).traits, now) ?? end;
      clock.advance(Math.min(next, end) - now);
      await book.report([]);
      if (clock.now() >= end) return;
    }
  };
  const createTime = clock.now();
  const asked = { launchTime: createTime, promptPending, headless };
  let launches = 1;
  const first = session("shop-1", {
    harness,
    facts: initialFacts({ ...asked, launchId: "l1" }),
    createTime,
  });
  await book.insert(first, launch("l1", "shop-1", { number: 1 }));
  for (const [index, happening] of happenings.entries()) {
    await passTime(1);
    const before = await current();
    switch (happening.what) {
      case "time":
        await passTime(happening.ms);
        break;
      case "relaunch": {
        launches += 1;
        const fresh = { launchId: `l${launches}`, headless, launchTime: clock.now() };
        await book.edit(
          "shop-1",
          (now) => ({
            ...now,
            facts: initialFacts({ ...fresh, promptPending: happening.promptPending }, now.facts),
          }),
          launch(fresh.launchId, "shop-1", { number: launches }),
        );
        break;
      }
      case "signal": {
        const { kind, event, fields, lateMs, stale } = happening;
        const signal: Signal = {
          id: `s${index}`,
          launchId: stale ? "l1" : before.facts.launchId,
          seq: 0,
          observedTime: clock.now() - lateMs,
          kind,
          harness,
          event,
          fields,
        };
        await book.report([signal, signal]);
      }
    }
  }
  await passTime(200_000);
  const end = await current();
  const rows = await store.listSignals({ sessionId: "shop-1", limit: 1000, newestFirst: false });
  const changes = await store.listChanges({ after: 0, limit: 1000 });
  const told = changes.map(
    (change) => statusOf(change.session as Session, harnesses, change.commitTime).status,
  );
  await book.close();
  await store.close();
  const trace = makeTrace({
    ao: "0",
    session: "shop-1",
    harness,
    createTime,
    traits: traitsOf(end, harnesses),
    rows: rows.map((row) => withMeaning(row, end, harnesses)),
    home: dir.path,
    withText: false,
    now: clock.now(),
  });
  return { told: changesOf(told), text: formatTrace(trace), facts: end.facts };
}

function changesOf(statuses: readonly Status[]): Status[] {
  return statuses.filter((status, index) => statuses[index - 1] !== status);
}

function judged({ cause, status }: ReplayStep) {
  return cause && [cause.line.signal.id, cause.outcome, cause.rule, status];
}

function logged({ cause }: ReplayStep) {
  const signal = cause?.line.signal;
  return signal && [signal.id, signal.outcome, signal.rule, signal.status];
}

suite("record and replay", ({ test }) => {
  test(
    "a replayed recording has the status history that watchers of the daemon had",
    () =>
      fc.assert(
        fc.asyncProperty(arbitraryLife, async (life) => {
          const { told, text, facts } = await live(life);
          const trace = parseTrace(text, "t");
          const steps = replayTrace(trace);
          assert.equal(steps.map(judged), steps.map(logged));
          assert.equal(changesOf(steps.map(({ status }) => status)), told);
          const last = steps.at(-1)?.facts;
          assert.equal(last?.activity, facts.activity);
          assert.equal(last?.nativeSessionIds, facts.nativeSessionIds);
          assert.equal(trace.header.compacted, []);
        }),
        { numRuns: 40 },
      ),
    { timeoutMs: 120_000 },
  );
});
