/**
 * Measures every budget of the design beside its floor and prints a table, then one line of JSON.
 *
 *   npm run bench -- [--only NAME,NAME] [--quick] [--json FILE] [--strict] [--write-readme]
 *
 *   --only          hook, signal, exit, ingest, list, idle, growth
 *   --quick         fewer runs, a tenth of the growth
 *   --json FILE     writes the JSON there instead
 *   --strict        ends with 1 when a budget is missed; without it only a benchmark that breaks does
 *   --write-readme  puts the table into README.md; of a whole run only
 *
 * Everything runs in AO_HOMEs of its own under /tmp. A machine that does something else at the time shows in the floors.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runBenchmark } from "./benchmarks.ts";
import { BENCHMARKS, type BenchmarkName } from "./budgets.ts";
import type { Scale, Verdict } from "./measurement.ts";
import { toJson } from "./report/json.ts";
import { describeMachine, loadOfMinute, machineLine } from "./report/machine.ts";
import { cells, HEADINGS } from "./report/numbers.ts";
import { writeReadme } from "./report/readme.ts";
import { textTable } from "./report/text-table.ts";
import { ROOT } from "./rig/bench-home.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    strict: { type: "boolean", default: false },
    "write-readme": { type: "boolean", default: false },
  },
});
const names = chosen(values.only);
const scale: Scale = values.quick ? "quick" : "full";
if (values["write-readme"] && (values.only || values.quick))
  throw new Error("--write-readme takes a whole run: leave out --only and --quick");
// Every home cleans up when the process exits, which a signal alone would not make it do.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

const machine = describeMachine();
const verdicts: Verdict[] = [];
for (const name of names) {
  const start = performance.now();
  process.stderr.write(`${name} …`);
  verdicts.push(...(await runBenchmark(name, scale)));
  process.stderr.write(` ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}
machine.load.after = loadOfMinute();

process.stdout.write(`\n${textTable(HEADINGS, verdicts.map(cells))}\n${machineLine(machine)}\n`);
for (const { budget, note } of verdicts) if (note) process.stdout.write(`  ${budget.id}: ${note}\n`);
const document = JSON.stringify(toJson({ machine, scale, verdicts }));
if (values.json) writeFileSync(values.json, `${document}\n`);
else process.stdout.write(`${document}\n`);
if (values["write-readme"]) writeReadme(join(ROOT, "README.md"), { machine, verdicts });
process.exitCode = values.strict && verdicts.some(({ holds }) => !holds) ? 1 : 0;

function chosen(only: string | undefined): readonly BenchmarkName[] {
  if (only === undefined) return BENCHMARKS;
  const wanted = only.split(",");
  const unknown = wanted.find((name) => !BENCHMARKS.some((known) => known === name));
  if (unknown !== undefined)
    throw new Error(`there is no benchmark "${unknown}"; there are ${BENCHMARKS.join(", ")}`);
  return BENCHMARKS.filter((name) => wanted.includes(name));
}
