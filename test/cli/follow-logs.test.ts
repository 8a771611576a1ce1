import fc from "fast-check";
import * as assert from "uvu/assert";
import { addedLines } from "../../src/cli/follow-logs.ts";
import { suite } from "../support/suite.ts";

suite("following a terminal", ({ test }) => {
  test("prints what was added, also when the top scrolled away", () => {
    assert.equal(addedLines([], ["a", "b"]), ["a", "b"]);
    assert.equal(addedLines(["a", "b"], ["a", "b"]), []);
    assert.equal(addedLines(["a", "b"], ["a", "b", "c"]), ["c"]);
    assert.equal(addedLines(["a", "b", "c"], ["b", "c", "d"]), ["d"]);
  });

  test("a screen that was redrawn prints from the first difference on", () => {
    assert.equal(addedLines(["title", "one", "end"], ["title", "two", "END"]), ["two", "END"]);
    assert.equal(addedLines(["a", "b"], []), []);
  });

  test("distinct lines that only grow are printed exactly once, in a window of any size", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 10 }),
        (window, steps) => {
          let total = 1;
          let shown: readonly string[] = [];
          const printed: string[] = [];
          for (const step of [0, ...steps]) {
            total += Math.min(step, window - 1);
            const all = Array.from({ length: total }, (_, index) => `line ${index}`);
            const screen = all.slice(-window);
            printed.push(...addedLines(shown, screen));
            shown = screen;
          }
          assert.equal(
            printed,
            Array.from({ length: total }, (_, index) => `line ${index}`),
          );
        },
      ),
    );
  });
});
