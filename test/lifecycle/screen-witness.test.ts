import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createDialogWatch, type DialogWatch } from "../../src/lifecycle/looks/dialog-watch.ts";
import { createScreenWatch } from "../../src/lifecycle/looks/screen-watch.ts";
import { createScreenWitness, type ScreenWitness } from "../../src/lifecycle/looks/screen-witness.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";
import { REQUEST } from "./send-bench.ts";

const FILE = `id: quiet
displayName: Quiet
facts: { evidence: assumed, source: a test }
binary: { names: [sh] }
launch: { interactive: ["{binary}"], prompt: after_start }
screen:
  gates: [{ gate: trust, lines: 2, all: ["^Trust\\\\?"] }]
  ready: [{ lines: 1, all: ["^› ?$"] }]
  busy: [{ lines: 2, all: ["esc to interrupt"] }]
  dialog: [{ lines: 1, all: ["^Allow\\\\?"] }, { lines: 1, all: ["^Choose:"], asks: question }]
  composer: "› ?([^\\\\n]*)$"
keys: { interrupt: [Escape], approve: [y], deny: [n] }
`;
const BUSY = "\n esc to interrupt\n› \n";
const COMPOSER = "\nhello\n› \n";
const DIALOG = "\n Run it\nAllow? [y/n] \n";

suite("screen witness, of an agent without hooks", (s) => {
  let world: InProcess;
  let watch: ScreenWitness;
  let dialogs: DialogWatch;
  let view: SessionView;
  let looks = 0;

  const status = async () => {
    const { status: word, statusReason } = await world.sessions.get("shop-1");
    return `${word}: ${statusReason}`;
  };
  let hear = () => {};
  const show = (text: string) => {
    world.host.screens.set(view.session.facts.launchId, text);
    hear();
  };
  /** Time passes, and the watch looks as often as it may. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      world.clock.advance(500);
      await watch.round();
      dialogs.round();
    }
  };
  const send = (text: string) =>
    world.sessions.send({ ...REQUEST, text, sessionId: "shop-1" }, new AbortController().signal);

  s.beforeEach(async () => {
    world = await createInProcess();
    const { deps } = world;
    const dir = join(deps.paths.home, "harnesses");
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "quiet.yaml"), FILE);
    const found = await deps.ownHarnesses.find("quiet");
    await deps.ownHarnesses.trust("quiet", found?.digest ?? "");
    await deps.store.syncHarnesses([{ id: "quiet", displayName: "Quiet" }]);
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    const { capture } = world.host.runtime;
    world.host.runtime.capture = (handle, lines) => {
      looks += 1;
      return capture(handle, lines);
    };
    world.host.processes.hearTerminal = (_pid, listener) => {
      const before = hear;
      hear = () => {
        before();
        listener();
      };
      return () => {};
    };
    watch = createScreenWitness(deps);
    dialogs = createDialogWatch(deps);
    view = await world.sessions.spawn(spawnRequest({ harness: "quiet" }));
    show("");
    await playAgent(world, view).start();
    looks = 0;
  });
  s.afterEach(async () => {
    hear = () => {};
    watch.stop();
    dialogs.stop();
    await world.close();
  });

  s.test("a turn works, asks, goes on and is over, as its screen shows", async () => {
    assert.match(await status(), "starting: waits for its first word");
    show(COMPOSER);
    await createScreenWatch(world.deps).round();
    assert.is(await status(), "idle: waits for its first prompt");
    show(BUSY);
    await pass(500);
    assert.match(await status(), "working");
    show(DIALOG);
    await pass(1500);
    assert.match(await status(), "needs_input: waits for permission");
    show(BUSY);
    await pass(1000);
    assert.match(await status(), "working");
    show(COMPOSER);
    await pass(1500);
    assert.match(await status(), "working", "not at once");
    await pass(1500);
    assert.is(await status(), "idle: its turn is over");
    const before = looks;
    await pass(20_000);
    assert.is(looks, before, "a terminal that is silent is not looked at");
  });

  s.test("a composer that rests a turn sooner, from when it was last written to", async () => {
    const path = join(world.deps.paths.home, "harnesses/quiet.yaml");
    writeFileSync(path, FILE.replace("screen:\n", "screen:\n  restMs: 400\n"));
    await world.deps.ownHarnesses.trust("quiet", (await world.deps.ownHarnesses.find("quiet"))?.digest ?? "");
    show(BUSY);
    await pass(500);
    show(COMPOSER);
    world.clock.advance(300);
    show(COMPOSER);
    world.clock.advance(200);
    await watch.round();
    assert.match(await status(), "working", "200 ms after the last word of its terminal");
    world.clock.advance(250);
    await watch.round();
    assert.is(await status(), "idle: its turn is over");
  });

  s.test("a dialog that asks for no permission is a question", async () => {
    show(BUSY);
    await pass(1000);
    show("\n Which way?\nChoose: [a/b] \n");
    await pass(1500);
    assert.match(await status(), "needs_input: asks a question");
    show(BUSY);
    await pass(1000);
    assert.match(await status(), "working");
  });

  s.test("a message begins a turn that is over before anybody looked", async () => {
    show(COMPOSER);
    world.host.onKeys = () => show(COMPOSER);
    const { stage, detail } = await send("hello");
    assert.is(stage, "submitted");
    assert.match(detail, "does not tell that it has taken a prompt");
    assert.match(await status(), "working");
    await pass(3000);
    assert.is(await status(), "idle: its turn is over");
  });

  s.test("a dialog that opens on the key that submits is the message's own", async () => {
    show(COMPOSER);
    world.host.onKeys = () => show(DIALOG);
    assert.is((await send("run it")).stage, "submitted");
    await pass(1500);
    assert.match(await status(), "needs_input");
  });

  s.test(
    "a turn is confirmed as long as its screen shows it, and unverified when it shows nothing",
    async () => {
      show(BUSY);
      await pass(200_000);
      assert.match(await status(), "working");
      assert.ok(looks < 20, `${looks} looks`);
      show("\nsome words\n");
      await pass(130_000);
      assert.match(await status(), "unverified");
    },
  );

  s.test("a gate is no turn, and what stands there after it ends it", async () => {
    show("\nTrust?\n 1. Yes\n");
    await createScreenWatch(world.deps).round();
    await pass(3000);
    assert.is(await status(), "starting: trust dialog on screen");
    show(BUSY);
    await pass(500);
    assert.match(await status(), "working");
  });

  s.test("a screen that shows nothing that is known tells nothing", async () => {
    show("\nsome words\n");
    await pass(10_000);
    assert.match(await status(), "starting");
    await eventually(() => looks > 0, { what: "a look" });
    world.clock.advance(90_000);
    assert.is(await status(), "unverified: runs; this agent does not say what it does");
  });
});
