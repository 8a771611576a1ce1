/** Benchmarks by the name `--only` takes, in the order they run. */
export const BENCHMARKS = ["hook", "signal", "exit", "ingest", "list", "idle", "growth"] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number];

/** One promise of design §11 and how it is judged. */
export interface Budget {
  id: string;
  benchmark: BenchmarkName;
  what: string;
  unit: "ms" | "signals/s" | "% of a core" | "MB" | "processes" | "µs a change";
  /** What the floor is: the least the same machine needs for the bare task, measured in the same run. */
  floor: string;
  atMost?: number;
  atLeast?: number;
  /** Most times the floor; for a rate, the floor over the rate. */
  timesFloor?: number;
}

const fsWatch = "fs.rename → fs.watch in a bare Node process";

/** Every budget of design §11. */
export const BUDGETS: readonly Budget[] = [
  {
    id: "hook-daemon-up",
    benchmark: "hook",
    what: "hook, whole process, daemon up, 100 live sessions: p50",
    unit: "ms",
    floor: "sh -c true",
    atMost: 5,
    timesFloor: 4,
  },
  {
    id: "hook-daemon-dead",
    benchmark: "hook",
    what: "hook, whole process, daemon and shim dead: p50",
    unit: "ms",
    floor: "sh -c true",
    atMost: 5,
    timesFloor: 4,
  },
  {
    id: "signal-p50",
    benchmark: "signal",
    what: "hook rename → committed → on a watch stream, 100 sessions × 10 signals/s: p50",
    unit: "ms",
    floor: fsWatch,
    atMost: 10,
  },
  {
    id: "signal-p99",
    benchmark: "signal",
    what: "the same: p99",
    unit: "ms",
    floor: fsWatch,
    atMost: 50,
  },
  {
    id: "exit-p99",
    benchmark: "exit",
    what: "agent killed → exit on a watch stream, 100 other live sessions: p99",
    unit: "ms",
    floor: "kill → 'exit' event of an own child",
    atMost: 100,
  },
  {
    id: "ingest-rate",
    benchmark: "ingest",
    what: "ingest through StreamActivity, durable",
    unit: "signals/s",
    floor: "better-sqlite3, the same rows, 256 a transaction",
    atLeast: 20_000,
  },
  {
    id: "list-command",
    benchmark: "list",
    what: "`ao session ls --json`, whole process, 100 live sessions: p50",
    unit: "ms",
    floor: "node -e 0",
    atMost: 180,
    timesFloor: 5,
  },
  {
    id: "idle-cpu",
    benchmark: "idle",
    what: "idle, 100 live sessions: CPU of daemon + shim",
    unit: "% of a core",
    floor: "two Node processes with a timer a second",
    atMost: 1,
  },
  {
    id: "idle-memory",
    benchmark: "idle",
    what: "idle, 100 live sessions: RSS of daemon + shim",
    unit: "MB",
    floor: "two Node processes with a timer a second",
    atMost: 220,
  },
  {
    id: "idle-processes",
    benchmark: "idle",
    what: "idle, 100 live sessions: processes started",
    unit: "processes",
    floor: "none",
    atMost: 0,
  },
  {
    id: "growth-list",
    benchmark: "growth",
    what: "10k sessions, 1M signals: a page of ListSessions: p99",
    unit: "ms",
    floor: "the same page, 100 sessions and no signals",
    atMost: 20,
  },
  {
    id: "growth-watch-size",
    benchmark: "growth",
    what: "watch resumed 100 changes back, the same store: p50",
    unit: "ms",
    floor: "the same, 100 sessions and no signals",
    timesFloor: 2,
  },
  {
    id: "growth-watch-missed",
    benchmark: "growth",
    what: "watch resumed 10 000 changes back: cost of each",
    unit: "µs a change",
    floor: "each of 100 changes",
    timesFloor: 1.5,
  },
];

/** Budgets one benchmark answers for. */
export function budgetsOf(benchmark: BenchmarkName): readonly Budget[] {
  return BUDGETS.filter((budget) => budget.benchmark === benchmark);
}
