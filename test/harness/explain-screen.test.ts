import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { explainScreen } from "../../src/harness/explain-screen.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import type { ScreenSpec } from "../../src/harness/spec.ts";
import { suite } from "../support/suite.ts";

const SCREENS = join(import.meta.dirname, "screens");

const SPEC: ScreenSpec = {
  version: "",
  gates: [],
  dialog: [{ lines: 2, all: ["^Allow this", "\\[y/n\\]$"] }],
  busy: [{ lines: 1, all: ["working$"] }],
  ready: [{ lines: 1, all: ["^>"] }],
  composer: "\\n> ?([^\\n]*)$",
};

suite("explain screen", ({ test }) => {
  test("whatever a terminal shows, the rows say why it is read as it is read", () => {
    const screens = readdirSync(SCREENS).map((name) => readFileSync(join(SCREENS, name), "utf8"));
    for (const harness of BUILT_IN_SPECS.map(({ id }) => createHarnesses().get(id)))
      for (const screen of screens) {
        const { reading, busy, rows } = harness.explainScreen(screen);
        assert.equal(reading, harness.readScreen(screen));
        const holds = (part: string) =>
          rows.some(({ field, matches }) => matches && field.startsWith(`screen.${part}[`));
        const expected = holds("gates")
          ? "gate"
          : holds("denial") || holds("dialog")
            ? "dialog"
            : holds("ready") && !holds("busy")
              ? "ready"
              : "unknown";
        assert.is(reading.kind, expected, harness.id);
        assert.is(busy, holds("busy"), harness.id);
      }
  });

  test("of a row that does not hold it names the patterns that are not there, among the lines it meets", () => {
    const { reading, composer, rows } = explainScreen(SPEC, "Allow this?\n\n  sure\n\n> a draft\n\n");
    assert.equal(reading, { kind: "ready" });
    assert.is(composer, "a draft");
    assert.equal(rows, [
      { field: "screen.dialog[0]", matches: false, lines: 2, missing: ["^Allow this", "\\[y/n\\]$"] },
      { field: "screen.busy[0]", matches: false, lines: 1, missing: ["working$"] },
      { field: "screen.ready[0]", matches: true, lines: 1, missing: [] },
      { field: "screen.composer", matches: true, lines: 0, missing: [] },
    ]);
    const [dialog] = explainScreen(SPEC, "Allow this?\n y or n\n").rows;
    assert.equal(dialog?.missing, ["\\[y/n\\]$"]);
  });
});
