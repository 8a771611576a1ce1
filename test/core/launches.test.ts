import * as assert from "uvu/assert";
import { initialFacts } from "../../src/core/reducer/initial-facts.ts";
import { reduce } from "../../src/core/reducer/reduce.ts";
import { suite } from "../support/suite.ts";
import { signalOf, T0, TRAITS, tell } from "./story.ts";

suite("R1, R2: fences and order", ({ test }) => {
  test("a signal of another launch changes nothing", () => {
    const story = tell();
    const before = story.facts;
    const { outcome, rule } = story.see("prompt", {}, { launchId: "l0" });
    assert.is(outcome, "stale_launch");
    assert.is(rule, "R1");
    assert.is(story.facts, before);
  });

  test("what is older than the turn's evidence is superseded", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("turn_end", {}, { at: 2000 });
    const { outcome, rule } = story.see("tool_end", { toolName: "Bash" }, { at: 1500 });
    assert.is(outcome, "superseded");
    assert.is(rule, "R2");
    assert.is(story.status(), "idle");
  });

  test("metadata of a superseded signal is kept, and told", () => {
    const story = tell();
    story.see("turn_end", {}, { at: 2000 });
    const { outcome } = story.see(
      "prompt",
      { prompt: "fix the bug\nplease", nativeSessionId: "n1", transcriptPath: "/t" },
      { at: 1000 },
    );
    assert.is(outcome, "applied");
    assert.is(story.status(), "idle");
    assert.is(story.facts.title, "fix the bug");
    assert.equal(story.facts.nativeSessionIds, ["n1"]);
    assert.is(story.facts.transcriptPath, "/t");
  });

  test("a clock set back does not silence what follows", () => {
    const story = tell();
    story.see("prompt", {}, { at: 3_600_000 });
    const signal = signalOf({ id: "late", at: 1000, meaning: "turn_end" });
    const { facts, outcome } = reduce(story.facts, { signal, meaning: "turn_end" }, T0 + 1001, TRAITS);
    assert.is(outcome, "applied");
    assert.is(facts.activity.state, "idle");
  });

  test("a time from the future counts as now", () => {
    const signal = signalOf({ id: "odd", at: 3_600_000, meaning: "prompt" });
    const { facts } = reduce(tell().facts, { signal, meaning: "prompt" }, T0 + 10, TRAITS);
    assert.is(facts.activity.since, T0 + 10);
    assert.is(facts.activity.evidenceTime, T0 + 10);
  });

  test("a new launch keeps title, summary, native ids and that it has conversed, nothing else", () => {
    const story = tell();
    story.see("prompt", { prompt: "one", nativeSessionId: "n1" });
    story.see("turn_end", { message: "done\nall of it", backgroundTasks: 2 });
    story.see("process_exited", { exitCode: 1 });
    const fresh = initialFacts(
      { launchId: "l2", launchTime: T0 + 9000, promptPending: true, headless: true },
      story.facts,
    );
    assert.equal(fresh, {
      launchId: "l2",
      launchTime: T0 + 9000,
      promptPending: true,
      headless: true,
      process: { state: "starting" },
      activity: { state: "idle", since: T0 + 9000, evidenceTime: 0 },
      requests: [],
      backgroundTasks: 0,
      conversed: true,
      nativeSessionIds: ["n1"],
      title: "one",
      summary: "done all of it",
    });
  });
});
