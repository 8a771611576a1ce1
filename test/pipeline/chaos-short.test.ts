import * as assert from "uvu/assert";
import { runExactlyOnce } from "../chaos/exactly-once.ts";
import { runExits } from "../chaos/exits.ts";
import { exactlyOnceRows, exitRows } from "../chaos/report.ts";
import { suite } from "../support/suite.ts";

suite("chaos, short", ({ test }) => {
  const seed = Math.floor(Math.random() * 2 ** 31);

  test(
    "daemon and shim die at random and at fail points: every hook once, in order, every revision once",
    async () => {
      const scale = { sessions: 4, hooks: 400, seconds: 6, calmMs: 200 };
      const result = await runExactlyOnce({ ...scale, seed, deadlineMs: 60_000 });
      assert.equal(failures(exactlyOnceRows(result, { everyFailPoint: false })), [], `seed ${seed}`);
      const points = Object.values(result.deaths.atPoint).filter((count) => count > 0).length;
      assert.ok(points >= 2, `only ${points} fail points were met, seed ${seed}`);
    },
    { timeoutMs: 120_000 },
  );

  test(
    "exits are recorded as they were while the daemon dies",
    async () => {
      const result = await runExits({ seed, each: 3, together: 24, deadlineMs: 60_000 });
      assert.equal(failures(exitRows(result)), [], `seed ${seed}`);
      assert.equal(Object.values(result.right), [3, 3, 3, 3, 3, 3, 3, 1]);
    },
    { timeoutMs: 120_000 },
  );
});

function failures(rows: ReturnType<typeof exitRows>): string[] {
  return rows.filter(({ ok }) => ok === false).map(({ what, value }) => `${what}: ${value}`);
}
