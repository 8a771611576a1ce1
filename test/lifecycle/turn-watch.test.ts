import * as assert from "uvu/assert";
import type { Harness, Harnesses } from "../../src/core/ports/harnesses.ts";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createDialogWatch } from "../../src/lifecycle/looks/dialog-watch.ts";
import { createTurnWatch, type TurnWatch } from "../../src/lifecycle/looks/turn-watch.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

const BUSY = "\n esc to interrupt \n";
const COMPOSER = "\n› \n";
const DIALOG = "\n Allow? [y/n] \n";

suite("turn watch", (s) => {
  let world: InProcess;
  let watch: TurnWatch;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  let looks = 0;
  /** Writes to the terminal; undefined while nobody listens. */
  let write: (() => void) | undefined;

  const status = async () => (await world.sessions.get("shop-1")).status;
  const show = (text: string) => world.host.screens.set(view.session.facts.launchId, text);
  /** Time passes, and the watch looks as often as it may. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      world.clock.advance(500);
      await watch.round();
    }
  };

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    const { capture } = world.host.runtime;
    world.host.runtime.capture = (handle, lines) => {
      looks += 1;
      return capture(handle, lines);
    };
    looks = 0;
    world.host.processes.hearTerminal = (_pid, hear) => {
      write = hear;
      return () => {
        write = undefined;
      };
    };
    watch = createTurnWatch({ ...world.deps, harnesses: seen(world.deps.harnesses) });
    view = await world.sessions.spawn(spawnRequest({ prompt: "do it" }));
    agent = playAgent(world, view);
    await agent.start();
    await agent.hook("prompt", { prompt: "do it", nativeSessionId: "n1" });
    assert.is(await status(), "working");
  });
  s.afterEach(async () => {
    watch.stop();
    await world.close();
  });

  s.test("a turn whose end no event tells is over once its composer stands", async () => {
    show(BUSY);
    await pass(2000);
    show(COMPOSER);
    await pass(2000);
    assert.is(await status(), "working", "not at once");
    await pass(4000);
    assert.is(await status(), "idle");
    const before = looks;
    await pass(5000);
    assert.is(looks, before, "an idle session is not looked at");
  });

  s.test("a screen that never showed a running turn tells of no end", async () => {
    show(COMPOSER);
    await pass(20_000);
    assert.ok(looks > 5);
    assert.is(await status(), "working");
  });

  s.test("what the agent says meanwhile counts more than its composer", async () => {
    show(BUSY);
    await pass(2000);
    show(COMPOSER);
    for (let turn = 0; turn < 5; turn += 1) {
      await pass(2000);
      await agent.hook("tool-start", { toolName: "Bash", toolUseId: `t${turn}` });
    }
    assert.is(await status(), "working");
  });

  s.test("a screen that shows neither tells nothing", async () => {
    show(BUSY);
    await pass(2000);
    show("\n Which? \n");
    await pass(10_000);
    assert.is(await status(), "working");
  });

  s.test(
    "work that begins without an event, and ends so, shows; a terminal that is silent is not looked at",
    async () => {
      await agent.hook("turn-end");
      assert.is(await status(), "idle");
      show(BUSY);
      await pass(5000);
      assert.is(looks, 0, "nothing was written");
      write?.();
      await pass(500);
      assert.is(await status(), "idle", "not at once");
      await pass(1000);
      assert.is(await status(), "working");
      show("\n› a draft \n");
      await pass(2000);
      assert.is(await status(), "idle", "it worked by its screen alone");
      watch.stop();
      assert.is(write, undefined, "it is not listened to any more");
    },
  );

  s.test("work in the background is told of once", async () => {
    await agent.hook("turn-end", { backgroundTasks: 1 });
    show(BUSY);
    const signals = () => world.activity.list({ sessionId: "shop-1", limit: 50 });
    const told = async () =>
      (await signals()).filter(({ signal }) => signal.event === "witness_active").length;
    for (let second = 0; second < 20; second += 1) {
      write?.();
      await pass(1000);
    }
    assert.is(await status(), "idle");
    assert.is(await told(), 1);
  });

  s.test("a dialog that no event told of waits for a person, until it is gone from the screen", async () => {
    const dialogs = createDialogWatch(world.deps);
    show(BUSY);
    await pass(2000);
    show(DIALOG);
    await pass(500);
    assert.is(await status(), "working", "half a redraw is no dialog");
    await pass(2000);
    assert.is(await status(), "needs_input");
    const passing = async () => {
      dialogs.round();
      write?.();
      await pass(500);
      return (await status()) === "working";
    };
    assert.not(await passing());
    show(BUSY);
    await eventually(passing);
    dialogs.stop();
  });

  s.test("the hook of a dialog that was seen on screen first names its tool, and ends it", async () => {
    show(DIALOG);
    await pass(3000);
    await agent.hook("permission-request", { toolName: "Bash", toolUseId: "t1" });
    assert.is((await world.sessions.get("shop-1")).session.facts.requests.length, 1);
    await agent.hook("tool-end", { toolName: "Bash", toolUseId: "t1" });
    assert.is(await status(), "working");
  });

  s.test(
    "a dialog is looked for ever more rarely while a turn draws, and not in a silent terminal",
    async () => {
      watch.stop();
      watch = createTurnWatch(world.deps);
      show(BUSY);
      for (let half = 0; half < 120; half += 1) {
        await pass(500);
        write?.();
      }
      assert.ok(looks > 8 && looks < 20, `${looks} looks in a minute`);
      await pass(2000);
      const before = looks;
      await pass(60_000);
      assert.is(looks, before, "nothing was written");
      write?.();
      await pass(1500);
      assert.is(looks, before + 1, "it has fallen silent");
    },
  );

  s.test("a terminal that cannot be heard is not looked at for dialogs", async () => {
    world.host.processes.hearTerminal = () => undefined;
    watch = createTurnWatch(world.deps);
    show(BUSY);
    await pass(60_000);
    assert.is(looks, 0);
  });

  s.test("agents whose screen is no witness are not looked at", async () => {
    watch = createTurnWatch({ ...world.deps, harnesses: unseen(world.deps.harnesses) });
    show(COMPOSER);
    await pass(5000);
    assert.is(looks, 0);
  });
});

/** The same agents, whose screens tell of turns. */
function seen(harnesses: Harnesses): Harnesses {
  return changed(harnesses, (harness) => ({
    ...harness,
    showsBusy: (text) => text.includes("esc to interrupt"),
    readScreen: (text) =>
      /^› ?$/m.test(text) ? { kind: "ready" } : text === DIALOG ? { kind: "dialog" } : { kind: "unknown" },
  }));
}

/** The same agents, of whose screens nothing is known. */
function unseen(harnesses: Harnesses): Harnesses {
  return changed(harnesses, (harness) => ({ ...harness, readsDialog: false }));
}

function changed(harnesses: Harnesses, readable: (harness: Harness) => Harness): Harnesses {
  const find = (id: string) => {
    const found = harnesses.find(id);
    return found && readable(found);
  };
  return {
    find,
    get: (id) => readable(harnesses.get(id)),
    list: () => harnesses.list().map(readable),
    release: harnesses.release,
  };
}
