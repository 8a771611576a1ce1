import { exit } from "./benchmarks/exit.ts";
import { growth } from "./benchmarks/growth.ts";
import { hook } from "./benchmarks/hook.ts";
import { idle } from "./benchmarks/idle.ts";
import { ingest } from "./benchmarks/ingest.ts";
import { list } from "./benchmarks/list.ts";
import { signal } from "./benchmarks/signal.ts";
import { type BenchmarkName, budgetsOf } from "./budgets.ts";
import { type Benchmark, judge, type Scale, type Verdict } from "./measurement.ts";

const ALL: Readonly<Record<BenchmarkName, Benchmark>> = { hook, signal, exit, ingest, list, idle, growth };

/** Runs one benchmark and judges each of its budgets; throws when it left one out. */
export async function runBenchmark(name: BenchmarkName, scale: Scale): Promise<Verdict[]> {
  const measured = await ALL[name](scale);
  return budgetsOf(name).map((budget) => {
    const measurement = measured[budget.id];
    if (!measurement) throw new Error(`benchmark "${name}" did not measure "${budget.id}"`);
    return judge(budget, measurement);
  });
}
