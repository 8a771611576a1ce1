import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, SWIFT, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

const HOUR = 3_600_000;
/** No wait of one daemon's life ends by itself: what ends a message is the time on disk. */
const PATIENT = { ...SWIFT, look: 100, appear: HOUR, finish: HOUR, acknowledge: HOUR };
const COMPOSER = "\n› \n";

suite("messages under daemons that do not live long", (s) => {
  let world: InProcess;
  let launchId: string;
  const show = (text: string) => world.host.screens.set(launchId, text);
  const message = async () => {
    const [newest] = (await world.sessions.listMessages({ sessionId: "shop-1", limit: 1 })).rows;
    assert.ok(newest);
    return newest;
  };
  const send = () =>
    world.sessions.send(
      {
        sessionId: "shop-1",
        text: "hello",
        whenBusy: "wait",
        waitTimeoutMs: 5000,
        requestId: "",
        noWait: true,
      },
      new AbortController().signal,
    );
  const endsAfterRestart = async () => {
    world.clock.advance(2 * HOUR);
    world = await world.restart();
    await eventually(async () => (await message()).endTime !== undefined);
    return message();
  };

  s.beforeEach(async () => {
    world = await createInProcess(PATIENT);
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    const view = await world.sessions.spawn(spawnRequest());
    launchId = view.session.facts.launchId;
    const agent = playAgent(world, view);
    await agent.start();
    await agent.hook("session-start", { nativeSessionId: "n1" });
    show(COMPOSER);
  });
  s.afterEach(() => world.close());

  s.test("a paste that never shows is given up when its time since the paste is over", async () => {
    world.host.onPaste = () => {};
    await send();
    await eventually(async () => (await message()).stage === "typed");
    const { stage, detail } = await endsAfterRestart();
    assert.is(stage, "typed");
    assert.match(detail, /never appeared/);
  });

  s.test("a dialog over a typed text is waited for as long as since the paste", async () => {
    world.host.onPaste = () => show("\n Allow? [y/n] \n");
    await send();
    await eventually(async () => /dialog/.test((await message()).detail));
    const { stage, detail } = await endsAfterRestart();
    assert.is(stage, "typed");
    assert.match(detail, /a dialog opened before Enter/);
  });

  s.test("the agent's word is waited for as long as since the text was let go of", async () => {
    world.host.onKeys = () => show(COMPOSER);
    await send();
    await eventually(async () => (await message()).stage === "submitted");
    const { stage, detail } = await endsAfterRestart();
    assert.is(stage, "submitted");
    assert.match(detail, /not reported/);
  });

  s.test("a life that begins late looks a few times: the screen may just be being drawn", async () => {
    world.host.onPaste = () => {};
    await send();
    await eventually(async () => (await message()).stage === "typed");
    world.host.onKeys = () => show(COMPOSER);
    world.clock.advance(2 * HOUR);
    const looks = [{}, {}];
    world.host.looks.set(launchId, looks);
    world = await world.restart();
    await eventually(() => world.host.looks.get(launchId) !== looks);
    show("\n› hello\n");
    await eventually(async () => (await message()).stage === "submitted");
  });
});
