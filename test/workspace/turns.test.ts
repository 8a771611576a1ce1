import * as assert from "uvu/assert";
import { createTurns } from "../../src/workspace/turns.ts";
import { suite } from "../support/suite.ts";

suite("turns", ({ test }) => {
  test("one after the other for a key, also after a failure; another key does not wait", async () => {
    const inTurn = createTurns();
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = inTurn("a", async () => {
      await gate.promise;
      seen.push("first");
      throw new Error("no");
    });
    const second = inTurn("a", async () => seen.push("second"));
    await inTurn("b", async () => seen.push("other"));
    gate.resolve();
    assert.is(await first.catch((error: Error) => error.message), "no");
    assert.is(await second, 3);
    assert.equal(seen, ["other", "first", "second"]);
  });
});
