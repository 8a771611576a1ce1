import * as assert from "uvu/assert";
import type { World } from "./world.ts";

/** A way of a session's life, written once and run in every world. */
export interface Scenario {
  name: string;
  run(world: World): Promise<void>;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "works until it is interrupted",
    async run(world) {
      const id = await world.spawn("work");
      await world.until(id, "working");
      await world.interrupt(id);
      await world.until(id, "idle");
    },
  },
  {
    name: "asks, is approved, works, is idle",
    async run(world) {
      const id = await world.spawn("ask");
      const asking = await world.until(id, "needs_input");
      assert.match(asking.reason, /Bash/);
      assert.ok(asking.requestId);
      await world.answer(id, "approve");
      await world.until(id, "idle");
    },
  },
  {
    name: "asks, is denied, is idle",
    async run(world) {
      const id = await world.spawn("ask");
      await world.until(id, "needs_input");
      await world.answer(id, "deny");
      await world.until(id, "idle");
    },
  },
  {
    name: "answered at its own terminal",
    async run(world) {
      const id = await world.spawn("ask");
      await world.until(id, "needs_input");
      await world.typeAtTerminal(id, "y");
      await world.until(id, "idle");
    },
  },
  {
    name: "takes a message when idle",
    async run(world) {
      const id = await world.spawn("finish 1");
      await world.until(id, "idle");
      assert.is(await world.send(id, "work"), "acknowledged");
      await world.until(id, "working");
    },
  },
  {
    name: "killed with SIGKILL while it waits for an answer is failed",
    async run(world) {
      const id = await world.spawn("ask");
      await world.until(id, "needs_input");
      await world.killAgent(id, "SIGKILL");
      const ended = await world.until(id, "failed");
      assert.is(ended.exitSignal, "SIGKILL");
    },
  },
  {
    name: "killed with its launcher while it waits is lost, and restored",
    async run(world) {
      const id = await world.spawn("ask");
      const before = await world.until(id, "needs_input");
      await world.killEverything(id);
      await world.until(id, "lost");
      await world.restore(id);
      const after = await world.until(id, "idle");
      assert.is.not(after.launchId, before.launchId);
      assert.is(after.nativeSessionId, before.nativeSessionId);
    },
  },
  {
    name: "killed with their launchers while one works and one is idle: both are lost, a third is untouched",
    async run(world) {
      const [working, idle, third] = [
        await world.spawn("work"),
        await world.spawn("finish 1"),
        await world.spawn("ask"),
      ];
      await world.until(working, "working");
      await world.until(idle, "idle");
      const before = await world.until(third, "needs_input");
      await world.killEverything(working);
      await world.killEverything(idle);
      await world.until(working, "lost");
      await world.until(idle, "lost");
      assert.equal(await world.see(third), before);
    },
  },
  {
    name: "stopped while it works is alive, said to be stopped, and works on when it is let",
    async run(world) {
      const id = await world.spawn("work");
      await world.until(id, "working");
      await world.stop(id);
      const stopped = await world.until(id, "unverified");
      assert.match(stopped.reason, /stopped/);
      await world.goOn(id);
      await world.until(id, "working");
    },
  },
  {
    name: "killed on request is terminated, restored in the same conversation, killed again",
    async run(world) {
      const id = await world.spawn("work");
      const before = await world.until(id, "working");
      await world.kill(id);
      await world.until(id, "terminated");
      await world.restore(id);
      const after = await world.until(id, "idle");
      assert.is(after.nativeSessionId, before.nativeSessionId);
      await world.kill(id);
      await world.until(id, "terminated");
    },
  },
  {
    name: "its state survives the daemon's death",
    async run(world) {
      const id = await world.spawn("ask");
      const before = await world.until(id, "needs_input");
      await world.withoutDaemon(async () => {});
      assert.equal(await world.see(id), before);
      await world.answer(id, "approve");
      await world.until(id, "idle");
    },
  },
  {
    name: "what happened without the daemon is known after it",
    async run(world) {
      const asking = await world.spawn("ask");
      const working = await world.spawn("work");
      await world.until(asking, "needs_input");
      await world.until(working, "working");
      await world.withoutDaemon(async () => {
        await world.typeAtTerminal(asking, "y");
        await world.killAgent(working, "SIGKILL");
      });
      await world.until(asking, "idle");
      const ended = await world.until(working, "failed");
      assert.is(ended.exitSignal, "SIGKILL");
    },
  },
  {
    name: "removed when ended, and the watch told every revision once",
    async run(world) {
      const id = await world.spawn("finish 1");
      await world.until(id, "idle");
      await world.kill(id);
      await world.remove(id);
      assert.not(await world.exists(id));
      const seen = await world.revisions();
      assert.equal(
        seen,
        Array.from({ length: seen.length }, (_, n) => n + 1),
      );
      assert.ok(seen.length >= 5, `only ${seen.length} revisions`);
    },
  },
];
