import * as assert from "uvu/assert";
import type { SendRequest, SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

const never = new AbortController().signal;
const DIALOG = "\n Allow? [y/n] \n";
const COMPOSER = "\n› \n";

suite("send, interrupt and answer", (s) => {
  let world: InProcess;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  const typed = () => world.host.typed.get(view.session.facts.launchId) ?? [];
  const show = (text: string) => world.host.screens.set(view.session.facts.launchId, text);
  const send = (fields: Partial<SendRequest> = {}) =>
    world.sessions.send(
      { sessionId: "shop-1", text: "hello", whenBusy: "wait", waitTimeoutMs: 5000, requestId: "", ...fields },
      never,
    );
  const block = async () => {
    await agent.hook("prompt", { prompt: "x" });
    await agent.hook("permission-request", { toolName: "Bash", requestId: "p1" });
    show(DIALOG);
  };

  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    view = await world.sessions.spawn(spawnRequest());
    agent = playAgent(world, view);
    await agent.start();
    await agent.hook("session-start", { nativeSessionId: "n1" });
    show(COMPOSER);
  });
  s.afterEach(() => world.close());

  s.test("types, submits and is acknowledged by the agent's own prompt event", async () => {
    world.host.onKeys = () => void agent.hook("prompt", { prompt: "hello" });
    assert.equal(await send(), { stage: "acknowledged", detail: "" });
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("presses Enter again when it was swallowed and the text still stands there", async () => {
    let presses = 0;
    world.host.onKeys = () => {
      presses += 1;
      show("\n› hello\n");
      if (presses === 2) void agent.hook("prompt", { prompt: "hello" });
    };
    assert.is((await send()).stage, "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>", "<Enter>"]);
  });

  s.test(
    "says submitted when the agent never reports, and does not press Enter at an empty composer",
    async () => {
      assert.is((await send()).stage, "submitted");
      assert.equal(typed(), ["hello", "<Enter>"]);
    },
    { timeoutMs: 60_000 },
  );

  s.test("types nothing into a dialog", async () => {
    await block();
    await rejects(send(), "SESSION_BLOCKED");
    assert.equal(typed(), []);
  });

  s.test("does not press Enter when a dialog opens after the paste", async () => {
    const original = world.host.runtime.paste;
    world.host.runtime.paste = async (handle, text) => {
      await original(handle, text);
      await block();
    };
    const result = await send();
    assert.is(result.stage, "typed");
    assert.equal(typed(), ["hello"]);
  });

  s.test("does not press Enter when only the screen knows of the dialog", async () => {
    show(DIALOG);
    assert.is((await send()).stage, "typed");
    assert.equal(typed(), ["hello"]);
  });

  s.test("waits for the end of the turn", async () => {
    await agent.hook("prompt", { prompt: "long" });
    world.host.onKeys = () => void agent.hook("prompt", { prompt: "hello" });
    const sending = send();
    assert.equal(typed(), []);
    await agent.hook("turn-end");
    assert.is((await sending).stage, "acknowledged");
  });

  s.test("gives up when the turn does not end in time, having typed nothing", async () => {
    await agent.hook("prompt", { prompt: "long" });
    await rejects(send({ waitTimeoutMs: 50 }), "SESSION_BUSY");
    assert.equal(typed(), []);
  });

  s.test("types at once when told to queue", async () => {
    await agent.hook("prompt", { prompt: "long" });
    world.host.onKeys = () => void agent.hook("prompt", { prompt: "hello" });
    assert.is((await send({ whenBusy: "queue" })).stage, "acknowledged");
  });

  s.test("sends Escape only when told to interrupt", async () => {
    await agent.hook("prompt", { prompt: "long" });
    world.host.onKeys = (_, keys) =>
      void agent.hook(keys[0] === "Escape" ? "interrupted" : "prompt", { prompt: "hello" });
    assert.is((await send({ whenBusy: "interrupt" })).stage, "acknowledged");
    assert.equal(typed(), ["<Escape>", "hello", "<Enter>"]);
  });

  s.test("two senders take turns", async () => {
    world.host.onKeys = () => {
      void agent.hook("prompt", { prompt: "x" }).then(() => agent.hook("turn-end"));
    };
    const both = await Promise.all([send({ text: "one" }), send({ text: "two" })]);
    assert.equal(
      both.map((result) => result.stage),
      ["acknowledged", "acknowledged"],
    );
    assert.equal(typed(), ["one", "<Enter>", "two", "<Enter>"]);
  });

  s.test("refuses an ended session", async () => {
    await agent.exit({ exitCode: 0 });
    await rejects(send(), "SESSION_NOT_RUNNING");
  });

  s.test("an interrupt without a turn types nothing", async () => {
    assert.is((await world.sessions.interrupt("shop-1")).interrupted, false);
    assert.equal(typed(), []);
    await agent.hook("prompt", { prompt: "x" });
    assert.is((await world.sessions.interrupt("shop-1")).interrupted, true);
    assert.equal(typed(), ["<Escape>"]);
  });

  s.test("an interrupt that the agent did not take is pressed again, but never at a composer", async () => {
    await agent.hook("prompt", { prompt: "x" });
    show("\n esc to interrupt \n");
    let presses = 0;
    world.host.onKeys = () => {
      presses += 1;
      if (presses === 2) show(COMPOSER);
    };
    assert.is((await world.sessions.interrupt("shop-1")).interrupted, true);
    assert.equal(typed(), ["<Escape>", "<Escape>"]);
  });

  s.test("an answer types the harness's key, for the open request only", async () => {
    await rejects(
      world.sessions.answer({ sessionId: "shop-1", requestId: "", answer: "approve" }),
      "NOT_BLOCKED",
    );
    await block();
    await rejects(
      world.sessions.answer({ sessionId: "shop-1", requestId: "p9", answer: "approve" }),
      "REQUEST_NOT_FOUND",
    );
    await world.sessions.answer({ sessionId: "shop-1", requestId: "p1", answer: "deny" });
    assert.equal(typed(), ["<n>"]);
  });

  s.test("an answer waits for its dialog to be drawn", async () => {
    await block();
    show(COMPOSER);
    setTimeout(() => show(DIALOG), 200);
    await world.sessions.answer({ sessionId: "shop-1", requestId: "", answer: "approve" });
    assert.equal(typed(), ["<y>"]);
  });

  s.test("of two answers at once only one presses keys", async () => {
    await block();
    world.host.onKeys = () => void setTimeout(() => show(COMPOSER), 50);
    const answer = () => world.sessions.answer({ sessionId: "shop-1", requestId: "", answer: "approve" });
    const outcomes = await Promise.allSettled([answer(), answer()]);
    assert.equal(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal(typed(), ["<y>"]);
  });

  s.test("an answer types nothing when the screen shows no dialog", async () => {
    await block();
    show(COMPOSER);
    await rejects(
      world.sessions.answer({ sessionId: "shop-1", requestId: "", answer: "approve" }),
      "NOT_BLOCKED",
    );
    assert.equal(typed(), []);
  });
});
