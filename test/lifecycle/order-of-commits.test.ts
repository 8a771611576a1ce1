import { setImmediate as nextTurn } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { Commit } from "../../src/core/ports/store.ts";
import { createSessionBook } from "../../src/lifecycle/book/session-book.ts";
import { silentLog } from "../../src/util/log.ts";
import { createInProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

suite("order of commits", ({ test }) => {
  test("a batch behind one that could not be committed is not committed either", async () => {
    const world = await createInProcess();
    try {
      await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
      const view = await world.sessions.spawn(spawnRequest());
      const agent = playAgent(world, view);
      await agent.start();
      const { store, clock, harnesses } = world.deps;
      let full = true;
      const commit = (what: Commit) => (full ? Promise.reject(new Error("no room")) : store.commit(what));
      const book = await createSessionBook({ store: { ...store, commit }, clock, harnesses, log: silentLog });
      const signals = (count: number, event: string) =>
        Array.from({ length: count }, () => agent.signal("hook", event));
      // More than a transaction takes, so that the second batch is another one's; there is room again in between.
      const first = book.report(signals(2000, "tool-start")).catch((error: Error) => {
        full = false;
        return error.message;
      });
      const second = book.report(signals(1, "turn-end")).catch((error: Error) => error.message);
      // A message that was being read when the first one failed: its sender does not know yet.
      const third = first
        .then(() => book.report(signals(1, "turn-end")))
        .catch((error: Error) => error.message);
      assert.equal([await first, await second, await third], ["no room", "no room", "no room"]);
      await nextTurn();
      const again = await book.report(signals(1, "prompt"));
      assert.is(again[0]?.outcome, "applied");
      await book.close();
    } finally {
      await world.close();
    }
  });

  test("the wall clock is set back an hour: what happens then still counts", async () => {
    const world = await createInProcess();
    try {
      await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
      const view = await world.sessions.spawn(spawnRequest({ prompt: "go" }));
      const agent = playAgent(world, view);
      const status = async () => (await world.sessions.get("shop-1")).status;
      await agent.start();
      await agent.hook("session-start", { nativeSessionId: "n1" });
      await agent.hook("prompt", { prompt: "go" });
      await agent.hook("permission-request", { toolName: "Bash", toolUseId: "t1", requestId: "p1" });
      assert.is(await status(), "needs_input");
      world.clock.setWall(world.clock.now() - 3_600_000);
      assert.is(await status(), "needs_input");
      await agent.hook("permission-reply", { requestId: "p1", reason: "approve" });
      assert.is(await status(), "working");
      await agent.hook("turn-end", {});
      assert.is(await status(), "idle");
      await agent.hook("prompt", { prompt: "more" });
      assert.is(await status(), "working");
      await agent.exit({ exitCode: 3 });
      assert.is(await status(), "failed");
    } finally {
      await world.close();
    }
  });
});
