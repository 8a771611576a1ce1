import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import type { TrueState } from "../support/trace-file.ts";
import { labelsOf, withStartUp } from "./record/label.ts";

/** Looks every 50 ms: each state from its time until the next one's. */
function looks(states: readonly [from: number, state: TrueState][], until: number) {
  const all = [];
  for (let at_ms = 0; at_ms <= until; at_ms += 50) {
    const state = states.findLast(([from]) => from <= at_ms)?.[1] ?? "not_started";
    all.push({ at_ms, state });
  }
  return all;
}

const told = (labels: ReturnType<typeof labelsOf>) =>
  labels.map(({ from_ms, to_ms, state, sure }) => `${from_ms}-${to_ms} ${state}${sure ? "" : "?"}`);

suite("labels of what a terminal showed", ({ test }) => {
  test("a second and a half before a change shows, and a moment after it, nothing is sure", () => {
    const labels = labelsOf(
      looks(
        [
          [0, "idle"],
          [2000, "active"],
        ],
        4000,
      ),
    );
    assert.equal(told(labels), ["0-500 idle", "500-2000 idle?", "2000-2300 active?", "2300-4000 active"]);
  });

  test("an idle look in the middle of a turn is a screen that is being drawn", () => {
    const labels = labelsOf(
      looks(
        [
          [0, "active"],
          [1000, "idle"],
          [1200, "active"],
        ],
        3000,
      ),
    );
    assert.equal(told(labels), ["0-3000 active"]);
  });

  test("a brief dialog is a dialog", () => {
    const labels = labelsOf(
      looks(
        [
          [0, "active"],
          [1000, "blocked"],
          [1200, "active"],
        ],
        2000,
      ),
    );
    assert.equal(
      labels.map(({ state }) => state).filter((state, i, all) => all[i - 1] !== state),
      ["active", "blocked", "active"],
    );
  });

  test("labels are contiguous and cover all that was looked at", () => {
    const labels = labelsOf(
      looks(
        [
          [0, "idle"],
          [300, "active"],
          [900, "blocked"],
          [5000, "exited"],
        ],
        6000,
      ),
    );
    assert.is(labels[0]?.from_ms, 0);
    assert.is(labels.at(-1)?.to_ms, 6000);
    for (const [index, label] of labels.entries())
      if (index > 0) assert.is(label.from_ms, labels[index - 1]?.to_ms);
  });

  test("with a prompt on its way, an empty composer is part of the start", () => {
    const labels = withStartUp(
      labelsOf(
        looks(
          [
            [0, "not_started"],
            [1000, "idle"],
            [3000, "active"],
            [5000, "idle"],
          ],
          7000,
        ),
      ),
      3000,
    );
    assert.equal(told(labels.filter(({ sure }) => sure)), ["3300-3500 active", "5300-7000 idle"]);
  });

  test("and so is a spinner, until the agent's own sign of a turn shows", () => {
    const all = labelsOf(
      looks(
        [
          [0, "not_started"],
          [2000, "active"],
          [8000, "idle"],
        ],
        10_000,
      ),
    );
    const sure = (labels: ReturnType<typeof labelsOf>) => told(labels.filter((label) => label.sure));
    assert.equal(sure(all), ["0-500 not_started", "2300-6500 active", "8300-10000 idle"]);
    assert.equal(sure(withStartUp(all, 4000)), ["0-500 not_started", "4300-6500 active", "8300-10000 idle"]);
    assert.equal(
      withStartUp(all, 4000).find(({ state }) => state === "active"),
      { from_ms: 4000, to_ms: 4300, state: "active", sure: false },
    );
    assert.equal(sure(withStartUp(all, undefined)), sure(all), "there was no turn");
  });
});
