import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { readHarness } from "../../src/harness/own/read-harness.ts";
import { BUILT_IN_SPECS } from "../../src/harness/registry.ts";
import { harnessTable, replaceHarnesses } from "../docs/harness-table.ts";
import { replaceMeanings } from "../docs/meanings-table.ts";
import { suite } from "../support/suite.ts";

suite("the README's table of harnesses", ({ test }) => {
  test("says what the specs say", () => {
    const text = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
    assert.fixture(text, replaceHarnesses(text, BUILT_IN_SPECS), "run `npm run docs:harnesses`");
  });

  test("has a row for every harness", () => {
    const rows = harnessTable(BUILT_IN_SPECS).trim().split("\n").slice(2);
    assert.equal(
      rows.map((row) => row.split(" | ")[1]),
      BUILT_IN_SPECS.map(({ id }) => `\`${id}\``),
    );
    assert.ok(rows.every((row) => row.split(" | ").length === 10));
  });
});

suite("the README on one's own agent", ({ test }) => {
  const text = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");

  test("has every meaning", () => {
    assert.fixture(text, replaceMeanings(text), "run `npm run docs:harnesses`");
  });

  test("shows a file that ao takes, and that tells all it can", () => {
    const shown = /<!-- own-harness:begin -->\n```yaml\n([\s\S]*?)```\n<!-- own-harness:end -->/.exec(
      text,
    )?.[1];
    const { spec, problems } = readHarness(shown ?? "");
    assert.equal(problems, []);
    const { secondWitness: _none, ...can } = spec?.capabilities ?? {};
    assert.equal(Object.values(can), Object.values(can).fill(true));
    assert.is(spec?.id, "my-agent");
  });
});
