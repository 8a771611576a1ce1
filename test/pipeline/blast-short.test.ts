import * as assert from "uvu/assert";
import { blast, hasNamespaces } from "../chaos/blast/in-namespace.ts";
import { suite } from "../support/suite.ts";

suite("blast radius, short", ({ test }) => {
  test(
    "of the sessions at most the one is hurt that it happens to, and told right",
    async (signal) => {
      const { reports, stderr } = await blast(["--sessions", "4", "--form", "short"], signal);
      const wrong = reports.filter((report) => report.wrong.length > 0);
      assert.equal(wrong, [], stderr);
      assert.is(reports.length, hasNamespaces() ? 9 : 8, stderr);
    },
    { timeoutMs: 120_000 },
  );
});
