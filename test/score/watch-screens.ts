import type { Harness } from "../../src/core/ports/harnesses.ts";
import { reduce } from "../../src/core/reducer/reduce.ts";
import type { Session } from "../../src/core/session.ts";
import type { Signal } from "../../src/core/signal.ts";
import { DIALOGS_MS, SCREENS_MS } from "../../src/daemon/housekeeping.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { meaningOf } from "../../src/lifecycle/book/meaning-of.ts";
import { isLive } from "../../src/lifecycle/book/session-book.ts";
import type { WatchDeps } from "../../src/lifecycle/deps.ts";
import { createDialogWatch } from "../../src/lifecycle/looks/dialog-watch.ts";
import { createScreenWatch } from "../../src/lifecycle/looks/screen-watch.ts";
import { createScreenWitness } from "../../src/lifecycle/looks/screen-witness.ts";
import { createTurnWatch } from "../../src/lifecycle/looks/turn-watch.ts";
import { silentLog } from "../../src/util/log.ts";
import { PLAIN_SESSION } from "../support/plain-session.ts";
import type { TraceCase } from "../support/trace-file.ts";
import { createReplayClock, type ReplayClock } from "./replay-clock.ts";
import { endOf, factsBefore } from "./replay-trace.ts";
import { screensOf } from "./screen-lines.ts";
import { harnessFor, type Told } from "./tell-trace.ts";

/**
 * A recording's signals with those that ao's own watches add, which look at the terminal as it was then and as often as
 * the daemon lets them. Of a recording without screens the signals as they are.
 */
export async function watchScreens(trace: TraceCase, told: readonly Told[]): Promise<readonly Told[]> {
  const screens = screensOf(trace.lines);
  const harness = harnessFor(trace.agent);
  if (screens.length === 0 || !harness) return told;
  const clock = createReplayClock(trace.startNs / 1e6);
  const terminal = createReplayTerminal();
  const book = createReplayBook({ trace, harness, clock });
  const { look, stop } = startWatches({ book, clock, terminal });
  book.onCommit(look);
  const happened = [
    ...screens.map(({ ts_ns, text }) => ({ at: ts_ns / 1e6, happen: () => terminal.show(text) })),
    ...told.map((one) => ({ at: one.now, happen: () => book.take(one) })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, happen } of happened) {
    await clock.passTo(at);
    happen();
  }
  await clock.passTo(endOf(trace));
  stop();
  return book.taken;
}

/** Starts the daemon's watches over a terminal of which a recording tells. */
function startWatches(given: { book: ReplayBook; clock: ReplayClock; terminal: ReplayTerminal }): {
  look(): void;
  stop(): void;
} {
  const { book, clock, terminal } = given;
  const runtime = { handleFor: () => "", capture: async () => terminal.text() };
  const deps: WatchDeps = {
    book,
    clock,
    log: silentLog,
    harnesses: createHarnesses(),
    runtimes: { tmux: runtime, process: runtime },
    processes: { hearTerminal: (_pid, hear) => terminal.hear(hear) },
    paths: { sessionsDir: "" },
  };
  const [screens, turns, dialogs] = [createScreenWatch(deps), createTurnWatch(deps), createDialogWatch(deps)];
  const witness = createScreenWitness(deps);
  const every = async (ms: number, round: () => unknown): Promise<void> => {
    await round();
    clock.after(ms, () => void every(ms, round));
  };
  void every(SCREENS_MS, screens.round);
  void every(SCREENS_MS, turns.round);
  void every(SCREENS_MS, witness.round);
  void every(DIALOGS_MS, dialogs.round);
  const stop = () => {
    dialogs.stop();
    turns.stop();
    witness.stop();
  };
  return { look: dialogs.round, stop };
}

/** What a terminal showed, and who hears that it is written to. */
interface ReplayTerminal {
  show(text: string): void;
  /** Undefined before anything was shown. */
  text(): string | undefined;
  hear(listener: () => void): () => void;
}

function createReplayTerminal(): ReplayTerminal {
  const listeners = new Set<() => void>();
  let shown: string | undefined;
  return {
    show(text) {
      shown = text;
      for (const hear of [...listeners]) hear();
    },
    text: () => shown,
    hear(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The one session of a recording. */
interface ReplayBook extends Pick<WatchDeps["book"], "live" | "get" | "report"> {
  take(one: Told): void;
  /** All there was, in the order in which it was taken. */
  readonly taken: readonly Told[];
  onCommit(listener: () => void): void;
}

function createReplayBook(given: { trace: TraceCase; harness: Harness; clock: ReplayClock }): ReplayBook {
  const { trace, harness, clock } = given;
  const harnesses = createHarnesses();
  const taken: Told[] = [];
  let session = sessionOf(trace, harness);
  let committed = () => {};
  const fold = (one: Told) => {
    const decided = reduce(session.facts, one, one.now, harness.traits);
    session = { ...session, facts: decided.facts };
    taken.push(one);
    committed();
    return decided;
  };
  const report = (signal: Signal) => {
    const meaning = meaningOf(signal, harness.id, harnesses) ?? "receipt";
    const { outcome, rule, reason } = fold({ signal, meaning, now: clock.now() });
    return { launchId: signal.launchId, signalId: signal.id, outcome, rule, reason };
  };
  return {
    taken,
    take: (one) => void fold(one),
    onCommit(listener) {
      committed = listener;
    },
    live: () => (isLive(session) ? [session] : []),
    get: async () => session,
    report: async (signals) => signals.map(report),
  };
}

function sessionOf(trace: TraceCase, harness: Harness): Session {
  const time = trace.startNs / 1e6;
  return {
    id: "trace-1",
    projectId: "trace",
    harness: harness.id,
    ...PLAIN_SESSION,
    workspace: { path: "", branch: "", baseCommit: "" },
    facts: factsBefore(trace),
    createTime: time,
    updateTime: time,
    revision: 0,
  };
}
