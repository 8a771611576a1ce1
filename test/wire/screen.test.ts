import * as assert from "uvu/assert";
import type { ScreenReading } from "../../src/core/ports/harnesses.ts";
import { screenFromProto, screenToProto } from "../../src/wire/screen.ts";
import { suite } from "../support/suite.ts";

const READINGS: readonly ScreenReading[] = [
  { kind: "gate", gate: "trust" },
  { kind: "dialog" },
  { kind: "dialog", denial: true },
  { kind: "ready" },
  { kind: "unknown" },
];

suite("wire/screen", ({ test }) => {
  test("every reading goes over the wire and back, with an empty composer and with none", () => {
    const rows = [{ field: "screen.busy[0]", matches: false, lines: 5, missing: ["^a", "b$"] }];
    for (const reading of READINGS)
      for (const composer of [{}, { composer: "" }, { composer: "a draft" }]) {
        const read = { explanation: { reading, busy: true, ...composer, rows }, problems: [] };
        assert.equal(screenFromProto(screenToProto(read)), read);
      }
  });

  test("of a file that is none, its problems alone", () => {
    const problems = [{ line: 1, column: 2, field: "id", problem: "is wrong" }];
    assert.equal(screenFromProto(screenToProto({ problems })), { problems });
  });
});
