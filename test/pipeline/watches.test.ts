import * as assert from "uvu/assert";
import { watchesRows } from "../chaos/report.ts";
import { runWatches } from "../chaos/watches.ts";
import { suite } from "../support/suite.ts";

suite("watches, short", ({ test }) => {
  test(
    "the daemon is killed and stopped, connections are cut and streams given up: every revision once, the end as listed",
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const result = await runWatches({ seed, seconds: 8, calmMs: 2500 });
      const wrong = watchesRows(result).filter(({ ok }) => ok === false);
      assert.equal(wrong, [], `seed ${seed}`);
    },
    { timeoutMs: 150_000 },
  );
});
