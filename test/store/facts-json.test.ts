import fc from "fast-check";
import * as assert from "uvu/assert";
import { initialFacts } from "../../src/core/reducer/initial-facts.ts";
import type { Facts, ReducerMemory, ToolUse } from "../../src/core/session.ts";
import { createFactsWriter } from "../../src/store/rows/facts-json.ts";
import { suite } from "../support/suite.ts";

const text = fc.string({ unit: "binary", maxLength: 20 });
const tool: fc.Arbitrary<ToolUse> = fc.record(
  {
    time: fc.nat(),
    toolName: text,
    toolUseId: text,
    toolInputDigest: text,
    agentId: fc.option(text, { nil: undefined }),
  },
  { requiredKeys: ["time"], noNullPrototype: true },
);
const memory: fc.Arbitrary<ReducerMemory> = fc.record(
  {
    turn: fc.record({ state: fc.constantFrom("active", "idle", "waiting_input"), evidenceTime: fc.nat() }),
    openTools: fc.array(tool, { maxLength: 5 }),
    endedTools: fc.array(tool, { maxLength: 5 }),
    fences: fc.array(fc.record({ agent: text, time: fc.nat() }), { maxLength: 2 }),
    runningAgents: fc.array(text, { maxLength: 2 }),
    hookTime: fc.option(fc.nat(), { nil: undefined }),
    prompts: fc.nat(),
  },
  { requiredKeys: ["turn", "openTools", "endedTools", "fences", "runningAgents"], noNullPrototype: true },
);

const fresh = initialFacts({ launchId: "l1", launchTime: 1, promptPending: false, headless: false });
const stored = (facts: Facts): unknown => JSON.parse(JSON.stringify(facts));

suite("facts as JSON", ({ test }) => {
  test("read back as they were, written once and again", () => {
    const write = createFactsWriter();
    fc.assert(
      fc.property(memory, text, (remembered, title) => {
        const facts: Facts = { ...fresh, title, memory: remembered };
        assert.equal(JSON.parse(write(facts)), stored(facts));
        assert.equal(JSON.parse(write(facts)), stored(facts));
      }),
    );
  });

  test("a tool that moves from one list to the other is written where it stands", () => {
    const write = createFactsWriter();
    const [first, second] = fc.sample(tool, 2) as [ToolUse, ToolUse];
    const [base] = fc.sample(memory, 1) as [ReducerMemory];
    const before = { ...fresh, memory: { ...base, openTools: [first, second], endedTools: [] } };
    const after = { ...fresh, memory: { ...base, openTools: [second], endedTools: [first, { ...first }] } };
    assert.equal(JSON.parse(write(before)), stored(before));
    assert.equal(JSON.parse(write(after)), stored(after));
  });

  test("facts without a memory have none", () => {
    assert.equal(JSON.parse(createFactsWriter()(fresh)), stored(fresh));
  });
});
