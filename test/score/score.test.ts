import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { loadTraces, type TraceCase, type TrueInterval } from "../support/trace-file.ts";
import { replaceScore } from "./readme.ts";
import { type Run, score } from "./score.ts";
import { type ScoreReport, scoreAll } from "./score-all.ts";
import type { Step } from "./states.ts";
import { markdown, missedBudgets } from "./table.ts";

/** A recording that is all labels: what is scored is what `steps` show. */
function run(intervals: readonly Partial<TrueInterval>[], steps: Step[]): Run {
  let at = 0;
  const labels = intervals.map(({ to_ms = 0, state = "idle", sure = true }) => {
    const from_ms = at;
    at = to_ms;
    return { from_ms, to_ms, state, sure };
  });
  const trace: TraceCase = {
    name: "t",
    agent: "codex",
    build: "codex 1.0.0",
    headless: false,
    lines: [],
    startNs: 0,
    intervals: labels,
    nativeIds: [],
  };
  return { trace, steps, evidence: [] };
}

suite("score", ({ test, before }) => {
  let report: ScoreReport;
  before(async () => {
    report = await scoreAll(loadTraces());
  });

  test("the recordings hold every budget", () => {
    assert.equal(missedBudgets(report), []);
  });

  test("the table in README.md is the one the recordings give", () => {
    const text = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
    assert.fixture(text, replaceScore(text, markdown(report)), "run `npm run score -- --write-readme`");
  });

  test("every agent with a harness is scored, and no hook is unknown to its table", () => {
    const scored = new Set(report.agents.map(({ agent }) => agent.split(" ")[0]));
    assert.ok(scored.has("claude") && scored.has("codex") && scored.has("opencode"));
    assert.equal(report.withoutHarness, []);
    assert.equal(report.unknownEvents, []);
  });

  test("ao is right more often than either baseline", () => {
    const { ao, ...baselines } = report.all.ways;
    for (const baseline of Object.values(baselines)) {
      assert.ok(ao.right > baseline.right, `${ao.right} of ${baseline.right}`);
      assert.ok(ao.timeRight > baseline.timeRight);
      assert.ok(ao.exitsRight > baseline.exitsRight);
    }
  });

  test("a stretch is right when what is shown at its end is true, whatever was shown before", () => {
    const intervals = [{ to_ms: 1000, state: "active" as const }, { to_ms: 2000 }];
    const shown: Step[] = [
      { at: 0, shown: "idle" },
      { at: 600, shown: "active" },
      { at: 1400, shown: "idle" },
    ];
    const result = score([run(intervals, shown)]);
    assert.equal([result.stretches, result.right, result.correctP50, result.correctP95], [2, 2, 600, 600]);
    assert.is(result.timeRight, 0.5);
  });

  test("neighbouring labels of one state are one stretch; short and unsure ones are none", () => {
    const intervals = [
      { to_ms: 200, state: "active" as const },
      { to_ms: 700, state: "active" as const, sure: false },
      { to_ms: 850, state: "active" as const },
      { to_ms: 1100, state: "blocked" as const },
      { to_ms: 1900, sure: false },
    ];
    const result = score([run(intervals, [{ at: 0, shown: "needs" }])]);
    assert.equal([result.stretches, result.right], [1, 0]);
    // The dialog of 250 ms is no stretch, but its time counts.
    assert.is(result.timeRight, 250 / 600);
    assert.is(result.falseNeeds, 350 / 600);
  });

  test("a constant piece counts with a minute at most", () => {
    const intervals = [{ to_ms: 10_000, state: "active" as const }, { to_ms: 1_010_000 }];
    const result = score([run(intervals, [{ at: -1, shown: "active" }])]);
    assert.is(result.timeRight, 10_000 / 70_000);
  });

  test("blocked and waiting for input are one state, and a missed one costs recall", () => {
    const intervals = [
      { to_ms: 1000, state: "blocked" as const },
      { to_ms: 2000, state: "active" as const },
      { to_ms: 3000, state: "waiting_input" as const },
    ];
    const shown: Step[] = [
      { at: -1, shown: "needs" },
      { at: 1000, shown: "active" },
    ];
    const result = score([run(intervals, shown)]);
    assert.equal([result.needs, result.needsRight, result.falseNeeds], [2, 1, 0]);
  });

  test("exits are counted apart", () => {
    const intervals = [{ to_ms: 1000 }, { to_ms: 2000, state: "exited" as const }];
    const result = score([run(intervals, [{ at: -1, shown: "idle" }])]);
    assert.equal([result.stretches, result.right, result.exits, result.exitsRight], [1, 1, 1, 0]);
    assert.is(result.timeRight, 1);
  });

  test("a wrong stretch of which no signal tells is not tellable; the formula counts it all the same", () => {
    const intervals = [{ to_ms: 1000, state: "active" as const }, { to_ms: 2000 }];
    const result = score([run(intervals, [{ at: -1, shown: "active" }])]);
    assert.equal([result.stretches, result.right, result.tellable], [2, 1, 1]);
  });
});
