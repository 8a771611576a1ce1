import * as assert from "uvu/assert";
import { ID_PATTERN } from "../../src/core/ids.ts";
import { SPOOL_NAME } from "../../src/core/launch-manifest.ts";
import { MEANINGS } from "../../src/core/signal.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import type { EventCase, HarnessSpec } from "../../src/harness/spec.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

const unique = (values: readonly string[]) => new Set(values).size === values.length;
const casesOf = (spec: HarnessSpec): [string, readonly EventCase[]][] =>
  Object.entries(spec.events).map(([event, entry]) => [
    event,
    typeof entry === "string" ? [{ means: entry }] : entry,
  ]);

suite("harness registry", ({ test }) => {
  test("lists its specs in order and finds them by id", () => {
    const harnesses = createHarnesses();
    assert.equal(
      harnesses.list().map((harness) => harness.id),
      BUILT_IN_SPECS.map((spec) => spec.id),
    );
    assert.is(harnesses.get("codex").displayName, "Codex");
    assert.is(harnesses.find("unheard-of"), undefined);
  });

  test("an unknown id is a typed error", async () => {
    const error = await rejects(
      Promise.resolve().then(() => createHarnesses().get("unheard-of")),
      "HARNESS_NOT_FOUND",
    );
    assert.is(error.metadata.harness, "unheard-of");
  });

  test("ids, names and override variables are unique and well formed", () => {
    assert.ok(unique(BUILT_IN_SPECS.map((spec) => spec.id)));
    assert.ok(unique(BUILT_IN_SPECS.map((spec) => spec.displayName)));
    assert.ok(unique(BUILT_IN_SPECS.map((spec) => spec.binary.variable)));
    for (const spec of BUILT_IN_SPECS) {
      assert.match(spec.id, ID_PATTERN);
      assert.is(spec.binary.variable, `AO_${spec.id.toUpperCase().replaceAll("-", "_")}_BIN`);
    }
  });

  for (const spec of BUILT_IN_SPECS) {
    test(`${spec.id}: plain data, so that the same schema can come from a file`, () => {
      assert.equal(JSON.parse(JSON.stringify(spec)), spec);
    });

    test(`${spec.id}: every event ends in a row without condition, with a known meaning and a name a spool takes`, () => {
      for (const [event, cases] of casesOf(spec)) {
        assert.ok(SPOOL_NAME.test(`l1.1-0.${event}`), event);
        assert.is(cases.at(-1)?.when, undefined, `${event} has no last row`);
        assert.ok(
          cases.slice(0, -1).every((row) => row.when?.length),
          `${event} has a row nothing reaches`,
        );
        assert.ok(cases.every((row) => MEANINGS.includes(row.means)));
      }
      assert.ok(unique([...Object.keys(spec.events), ...spec.otherEvents]));
    });

    test(`${spec.id}: its table renders`, () => {
      const rows = createHarnesses().get(spec.id).events;
      const expected = casesOf(spec).reduce((sum, [, cases]) => sum + cases.length, spec.otherEvents.length);
      assert.is(rows.length, expected);
      assert.ok(rows.every((row) => row.event !== "" && row.meaning));
    });

    test(`${spec.id}: capabilities say what the event table can tell`, () => {
      const meanings = new Set(casesOf(spec).flatMap(([, cases]) => cases.map((row) => row.means)));
      const { capabilities, traits } = spec;
      assert.is(capabilities.permissionSignal, meanings.has("permission_request"));
      assert.is(capabilities.turnEndSignal, meanings.has("turn_end"));
      assert.is(capabilities.hooks, traits.hooks);
      assert.is(capabilities.secondWitness, traits.secondWitness);
      assert.is(capabilities.answer, spec.keys.approve !== undefined && spec.keys.deny !== undefined);
      assert.is(capabilities.resume, spec.payload.fields.nativeSessionId !== undefined);
    });

    test(`${spec.id}: its expressions compile`, () => {
      const { gates, dialog, busy, ready } = spec.screen;
      for (const pattern of [...gates, ...dialog, ...busy, ...ready]) {
        assert.ok(pattern.lines > 0 && pattern.all.length > 0);
        for (const expression of pattern.all) assert.ok(new RegExp(expression, "m"));
      }
      assert.ok(new RegExp(spec.binary.versionPattern, "m"));
    });
  }
});
