import * as assert from "uvu/assert";
import { eachOf } from "../../src/util/each-of.ts";
import { suite } from "../support/suite.ts";

suite("eachOf", ({ test }) => {
  test("does all, at most so many at a time", async () => {
    const done: number[] = [];
    let [running, most] = [0, 0];
    await eachOf([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done.push(item);
    });
    assert.equal(done.sort(), [1, 2, 3, 4, 5, 6, 7]);
    assert.is(most, 3);
  });

  test("one that hangs does not keep the others", async () => {
    const { promise: hung, resolve: release } = Promise.withResolvers<void>();
    const { promise: rest, resolve: othersDone } = Promise.withResolvers<void>();
    let left = 4;
    const all = eachOf([hung, 1, 2, 3, 4], 2, async (item) => {
      if (item === hung) return hung;
      left -= 1;
      if (left === 0) othersDone();
    });
    await rest;
    release();
    await all;
  });

  test("after a failure nothing more begins, and what is under way ends before it is told", async () => {
    const { promise: slow, resolve: release } = Promise.withResolvers<void>();
    const begun: number[] = [];
    let slowEnded = false;
    const all = eachOf([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      if (item === 2) throw new Error("no");
      await slow;
      slowEnded = true;
    });
    setImmediate(release);
    const error = await all.catch((failure: Error) => failure);
    assert.is((error as Error).message, "no");
    assert.ok(slowEnded);
    assert.equal(begun, [1, 2]);
  });
});
