import * as assert from "uvu/assert";
import { sendRows } from "../chaos/report.ts";
import { runSends } from "../chaos/sends.ts";
import { suite } from "../support/suite.ts";

suite("outbox chaos, short", ({ test }) => {
  test(
    "agents swallow, lose, stall, ask and die while the daemon dies: no message twice, none lost in silence",
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const result = await runSends({ seed, sends: 8, sessions: 4, calmMs: 800, patienceMs: 5000 });
      const wrong = sendRows(result).filter(({ ok }) => ok === false);
      assert.equal(wrong, [], `seed ${seed}`);
      assert.ok(Object.values(result.deaths).reduce((a, b) => a + b, 0) > 0, "the daemon never died");
    },
    { timeoutMs: 180_000 },
  );
});
