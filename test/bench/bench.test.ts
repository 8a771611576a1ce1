import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { runBenchmark } from "./benchmarks.ts";
import { BENCHMARKS, BUDGETS, type Budget, budgetsOf } from "./budgets.ts";
import { judge } from "./measurement.ts";
import { toJson } from "./report/json.ts";
import { describeMachine } from "./report/machine.ts";
import { cells } from "./report/numbers.ts";
import { markdown, replaceNumbers } from "./report/readme.ts";
import { ROOT } from "./rig/bench-home.ts";
import { summarize } from "./samples.ts";

/** The lines of design §11, as the beginnings of what the table calls them. */
const DESIGN: Record<string, Partial<Budget>[]> = {
  "hook, whole process, daemon up": [{ atMost: 5, timesFloor: 4 }],
  "hook, whole process, daemon and shim dead": [{ atMost: 5, timesFloor: 4 }],
  "hook rename → committed → on a watch stream": [{ atMost: 10 }],
  "the same: p99": [{ atMost: 50 }],
  "agent killed → exit on a watch stream": [{ atMost: 100 }],
  "ingest through StreamActivity, durable": [{ atLeast: 20_000 }],
  "`ao session ls --json`, whole process": [{ atMost: 180, timesFloor: 5 }],
  "idle, 100 live sessions": [{ atMost: 1 }, { atMost: 220 }, { atMost: 0 }],
  "10k sessions, 1M signals: a page of ListSessions: p99": [{ atMost: 20 }],
  "watch resumed 100 changes back": [{ timesFloor: 2 }],
  "watch resumed 10 000 changes back": [{ timesFloor: 1.5 }],
};

suite("bench", ({ test }) => {
  test("every budget of the design is a line of the table, with its limit", () => {
    for (const [what, limits] of Object.entries(DESIGN)) {
      const lines = BUDGETS.filter((budget) => budget.what.startsWith(what));
      const found = lines.map(({ atMost, atLeast, timesFloor }) => ({ atMost, atLeast, timesFloor }));
      const none = { atMost: undefined, atLeast: undefined, timesFloor: undefined };
      assert.equal(
        found,
        limits.map((limit) => ({ ...none, ...limit })),
        what,
      );
    }
    assert.is(BUDGETS.length, Object.values(DESIGN).flat().length);
  });

  for (const name of BENCHMARKS)
    test(`${name} measures each of its budgets`, async () => {
      const verdicts = await runBenchmark(name, "smoke");
      assert.equal(
        verdicts.map(({ budget }) => budget.id),
        budgetsOf(name).map(({ id }) => id),
      );
      for (const { budget, value, floor, ratio } of verdicts) {
        assert.ok(Number.isFinite(value) && value >= 0, `${budget.id} measured ${value}`);
        assert.ok(Number.isFinite(floor) && floor >= 0, `${budget.id} has floor ${floor}`);
        assert.ok(ratio === undefined || Number.isFinite(ratio), `${budget.id} has ratio ${ratio}`);
      }
      const parsed = JSON.parse(
        JSON.stringify(toJson({ machine: describeMachine(), scale: "smoke", verdicts })),
      );
      assert.is(parsed.budgets.length, verdicts.length);
    });

  test("a budget holds only within all of its limits", () => {
    const budget = BUDGETS[0] as Budget;
    assert.ok(judge(budget, { value: 4, floor: 1 }).holds);
    assert.not(judge(budget, { value: 4, floor: 0.9 }).holds, "over the multiple");
    assert.not(judge(budget, { value: 5.1, floor: 2 }).holds, "over the limit");
    const rate = BUDGETS.find(({ atLeast }) => atLeast !== undefined) as Budget;
    assert.ok(judge(rate, { value: 20_000, floor: 80_000 }).holds);
    assert.is(judge(rate, { value: 20_000, floor: 80_000 }).ratio, 4);
    assert.not(judge(rate, { value: 19_999, floor: 80_000 }).holds);
  });

  test("percentiles are values that were measured, by nearest rank", () => {
    const shape = summarize(Array.from({ length: 200 }, (_, index) => 200 - index));
    assert.equal(shape, { count: 200, min: 1, p50: 100, p90: 180, p99: 198, max: 200 });
    assert.throws(() => summarize([]), /nothing was measured/);
  });

  test("the README's table stands between its markers and is replaced whole", () => {
    const verdicts = BUDGETS.map((budget) => judge(budget, { value: 1234.5, floor: 1 }));
    const table = markdown({ machine: describeMachine(), verdicts });
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    const once = replaceNumbers(readme, table);
    assert.is(replaceNumbers(once, table), once);
    assert.ok(once.includes(`| ${cells(verdicts[0] as (typeof verdicts)[number]).join(" | ")} |`));
    assert.throws(() => replaceNumbers("no markers", table), /bench:begin/);
  });
});
