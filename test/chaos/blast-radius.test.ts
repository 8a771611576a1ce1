import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { blast, hasNamespaces } from "./blast/in-namespace.ts";

suite("blast radius with 30 sessions", ({ test }) => {
  test(
    "of the sessions at most the one is hurt that it happens to, and told right",
    async (signal) => {
      const { reports, stderr } = await blast(["--sessions", "30", "--form", "long"], signal);
      for (const { accident, said, seconds } of reports)
        process.stdout.write(`${accident}: ${said} (${seconds.toFixed(1)} s)\n`);
      const wrong = reports.filter((report) => report.wrong.length > 0);
      assert.equal(wrong, [], stderr);
      assert.is(reports.length, hasNamespaces() ? 25 : 20, stderr);
    },
    { timeoutMs: 870_000 },
  );
});
