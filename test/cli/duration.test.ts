import * as assert from "uvu/assert";
import { formatElapsed, parseDuration } from "../../src/cli/render/duration.ts";
import { AoError } from "../../src/core/errors.ts";
import { suite } from "../support/suite.ts";

suite("durations", ({ test }) => {
  test("elapsed time in few characters", () => {
    const cases: [number, string][] = [
      [-5000, "0s"],
      [0, "0s"],
      [59_999, "59s"],
      [60_000, "1m00s"],
      [9 * 60_000 + 7_000, "9m07s"],
      [10 * 60_000, "10m"],
      [3_600_000, "1h00m"],
      [26 * 3_600_000, "1d2h"],
    ];
    for (const [ms, text] of cases) assert.is(formatElapsed(ms), text);
  });

  test("reads units, sums and plain seconds", () => {
    const cases: [string, number][] = [
      ["500ms", 500],
      ["30s", 30_000],
      ["30", 30_000],
      ["1.5", 1500],
      ["5m", 300_000],
      ["1h30m", 5_400_000],
      ["1d", 86_400_000],
      ["0", 0],
    ];
    for (const [text, ms] of cases) assert.is(parseDuration("--timeout", text), ms);
  });

  test("refuses what is no duration and names the flag", () => {
    for (const text of ["", "x", "5y", "-5s", "5 m", "m5", "1e3", "NaN"]) {
      try {
        parseDuration("--timeout", text);
        assert.unreachable(`"${text}" was taken`);
      } catch (error) {
        assert.instance(error, AoError);
        assert.is((error as AoError).reason, "USAGE");
        assert.match((error as AoError).message, `--timeout "${text}"`);
      }
    }
  });
});
