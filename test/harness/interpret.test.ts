import * as assert from "uvu/assert";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";
import { TABLES } from "./event-tables.ts";

suite("event tables", ({ test }) => {
  const harnesses = createHarnesses();
  for (const spec of BUILT_IN_SPECS) {
    test(`${spec.id}: each situation has its meaning`, () => {
      for (const [event, fields, meaning] of TABLES[spec.id] ?? [])
        assert.is(
          harnesses.get(spec.id).interpret(event, fields),
          meaning,
          `${event} ${JSON.stringify(fields)}`,
        );
    });

    test(`${spec.id}: every installed event is in this test's table`, () => {
      const tested = new Set((TABLES[spec.id] ?? []).map(([event]) => event));
      assert.equal(
        Object.keys(spec.events).filter((event) => !tested.has(event)),
        [],
      );
    });
  }
});
