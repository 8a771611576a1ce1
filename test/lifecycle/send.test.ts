import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { SendRequest, SessionView } from "../../src/lifecycle/api.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, SWIFT, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

const never = new AbortController().signal;
const DIALOG = "\n Allow? [y/n] \n";
const COMPOSER = "\n› \n";
const REQUEST: Omit<SendRequest, "sessionId"> = {
  text: "hello",
  whenBusy: "wait",
  waitTimeoutMs: 5000,
  requestId: "",
  noWait: false,
};

suite("send, interrupt and answer", (s) => {
  let world: InProcess;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  const typed = () => world.host.typed.get(view.session.facts.launchId) ?? [];
  const show = (text: string) => world.host.screens.set(view.session.facts.launchId, text);
  const send = (fields: Partial<SendRequest> = {}) =>
    world.sessions.send({ ...REQUEST, sessionId: "shop-1", ...fields }, never);
  const messages = async () => (await world.sessions.listMessages({ sessionId: "shop-1", limit: 9 })).rows;
  /** Enter as an agent takes it: the composer is empty, the prompt is reported. */
  const submits: InProcess["host"]["onKeys"] = () => {
    const text = typed()
      .filter((one) => !one.startsWith("<"))
      .at(-1);
    show(COMPOSER);
    void agent.hook("prompt", { prompt: text ?? "" });
  };
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
    world.host.onKeys = submits;
    const { messageId, ...result } = await send();
    assert.equal(result, { stage: "acknowledged", detail: "" });
    assert.equal(typed(), ["hello", "<Enter>"]);
    const message = (await messages())[0];
    assert.is(message?.id, messageId);
    assert.ok(message?.endTime && message.typedTime && message.submittedTime);
  });

  s.test("presses Enter again when it was swallowed and the text still stands there", async () => {
    let presses = 0;
    world.host.onKeys = (...keys) => {
      presses += 1;
      if (presses === 3) submits(...keys);
    };
    assert.is((await send()).stage, "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>", "<Enter>", "<Enter>"]);
  });

  s.test("says typed when no Enter takes the text out of the composer", async () => {
    const { stage, detail } = await send();
    assert.is(stage, "typed");
    assert.match(detail, /pressed 6 times/);
    assert.equal(typed(), ["hello", ...Array(6).fill("<Enter>")]);
  });

  s.test(
    "says submitted when the agent never reports, and presses nothing at an empty composer",
    async () => {
      world.host.onKeys = () => show(COMPOSER);
      assert.is((await send()).stage, "submitted");
      assert.equal(typed(), ["hello", "<Enter>"]);
    },
  );

  s.test("another prompt's event acknowledges nothing", async () => {
    world.host.onKeys = () => {
      show(COMPOSER);
      void agent.hook("prompt", { prompt: "somebody else's" });
    };
    assert.is((await send()).stage, "submitted");
  });

  s.test("a paste that the agent keeps in a file of its own is acknowledged", async () => {
    world.host.onKeys = () => {
      show(COMPOSER);
      void agent.hook("prompt", {
        prompt: '<pasted_content file="/home/u/paste-1.txt" size="48.3 KB" lines="2602" />',
      });
    };
    assert.is((await send()).stage, "acknowledged");
  });

  s.test("a paste that never shows gets no Enter, and says so", async () => {
    world.host.onPaste = () => {};
    const { stage, detail } = await send();
    assert.is(stage, "typed");
    assert.match(detail, /never appeared/);
    assert.equal(typed(), ["hello"]);
  });

  s.test("an agent that has drawn nothing yet gets nothing, however long it takes", async () => {
    show("");
    const sent = send({ waitTimeoutMs: 30_000 });
    await eventually(async () => /drawn nothing yet/.test((await messages())[0]?.detail ?? ""));
    assert.equal(typed(), []);
    world.host.onKeys = submits;
    show(COMPOSER);
    assert.is((await sent).stage, "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("the patience with a composer that is not drawn begins when the turn is over", async () => {
    show("something else");
    await agent.hook("prompt", { prompt: "x" });
    const sent = send({ waitTimeoutMs: 30_000 });
    await eventually(async () => /working/.test((await messages())[0]?.detail ?? ""));
    // Longer than a composer that is not drawn is waited for.
    await sleep(2 * SWIFT.appear);
    await agent.hook("turn-end");
    await eventually(async () => /no composer/.test((await messages())[0]?.detail ?? ""));
    world.host.onKeys = submits;
    show(COMPOSER);
    assert.is((await sent).stage, "acknowledged");
  });

  s.test("a text that was typed blindly, and lost, is not called submitted", async () => {
    show("something else");
    world.host.onPaste = () => {};
    world.host.onKeys = () => show(COMPOSER);
    const { stage, detail } = await send();
    assert.is(stage, "typed");
    assert.match(detail, /reports no prompt/);
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("a text that somebody takes out of the composer gets no Enter", async () => {
    const paste = world.host.onPaste;
    world.host.onPaste = (...args) => {
      paste(...args);
      const looks = world.deps.runtimes.tmux.look;
      world.host.runtime.look = async (...seen) => {
        const look = await looks(...seen);
        show(COMPOSER);
        return look;
      };
      show("\n› hello?\n");
      world.host.looks.set(view.session.facts.launchId, [{ personTime: world.clock.now() }]);
    };
    const { stage, detail } = await send({ waitTimeoutMs: 100 });
    assert.is(stage, "typed");
    assert.match(detail, /somebody/);
    assert.equal(typed(), ["hello"]);
  });

  s.test("types nothing into a dialog", async () => {
    await block();
    await rejects(send(), "SESSION_BLOCKED");
    assert.equal(typed(), []);
    assert.equal(await messages(), []);
  });

  s.test("does not press Enter when a dialog opens after the paste", async () => {
    world.host.onPaste = () => void block();
    const result = await send({ waitTimeoutMs: 200 });
    assert.is(result.stage, "typed");
    assert.match(result.detail, /dialog/);
    assert.equal(typed(), ["hello"]);
  });

  s.test(
    "presses Enter once the dialog that opened after the paste is gone and the text stands there",
    async () => {
      world.host.onPaste = () => void block();
      const sending = send();
      await eventually(async () => /dialog/.test((await messages())[0]?.detail ?? ""));
      world.host.onKeys = submits;
      show("\n› hello\n");
      await agent.hook("permission-reply", { requestId: "p1" });
      assert.is((await sending).stage, "acknowledged");
      assert.equal(typed(), ["hello", "<Enter>"]);
    },
  );

  s.test("a usage limit is no dialog: the composer is free, and there is no turn to interrupt", async () => {
    world.host.onKeys = submits;
    await agent.hook("prompt", { prompt: "x" });
    await agent.send(agent.signal("witness", "limit", { message: "resets in 2h" }));
    assert.not((await world.sessions.interrupt("shop-1")).interrupted);
    assert.is((await send()).stage, "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("types nothing when only the screen knows of the dialog", async () => {
    show(DIALOG);
    await rejects(send({ waitTimeoutMs: 100 }), "SESSION_BLOCKED");
    assert.equal(typed(), []);
  });

  s.test("a dialog that is drawn between look and Enter is noticed by the cursor", async () => {
    const paste = world.host.onPaste;
    world.host.onPaste = (...args) => {
      paste(...args);
      const typeOnce = world.host.runtime.typeOnce;
      world.host.runtime.typeOnce = (...keys) => {
        show(DIALOG);
        return typeOnce(...keys);
      };
    };
    assert.is((await send({ waitTimeoutMs: 200 })).stage, "typed");
    assert.equal(typed(), ["hello"]);
  });

  s.test("a draft of somebody's is left alone", async () => {
    show("\n› half a thought\n");
    const error = await rejects(send({ waitTimeoutMs: 100 }), "COMPOSER_IN_USE");
    assert.match(String(error), "half a thought");
    assert.equal(typed(), []);
    const sending = send();
    await eventually(async () => /half a thought/.test((await messages())[0]?.detail ?? ""));
    world.host.onKeys = submits;
    show(COMPOSER);
    assert.is((await sending).stage, "acknowledged");
  });

  s.test("a message that was left behind in the composer is cleared for the next one", async () => {
    world.host.onPaste = (handle, text) => {
      world.host.screens.set(handle, `\n› ${text}\n${DIALOG}`);
    };
    assert.is((await send({ text: "left behind", waitTimeoutMs: 100 })).stage, "typed");
    show("\n› left behind\n");
    world.host.onPaste = (handle, text) => world.host.screens.set(handle, `\n› ${text}\n`);
    world.host.onKeys = (handle, keys) => (keys[0] === "C-c" ? show(COMPOSER) : submits(handle, keys));
    assert.is((await send()).stage, "acknowledged");
    assert.equal(typed(), ["left behind", "<C-c>", "hello", "<Enter>"]);
  });

  s.test("a person who types or scrolls is not disturbed", async () => {
    const { launchId } = view.session.facts;
    for (const look of [
      { personTime: world.clock.now() },
      { personTime: world.clock.now() - 9000, scrolled: true },
    ]) {
      world.host.looks.set(launchId, [look]);
      await rejects(send({ waitTimeoutMs: 100 }), "TERMINAL_IN_USE");
    }
    assert.equal(typed(), []);
    world.host.onKeys = submits;
    world.host.looks.set(launchId, [{ personTime: world.clock.now() - 9000 }]);
    assert.is((await send()).stage, "acknowledged");
  });

  s.test("nothing is typed into a shell or for a dead process", async () => {
    world.host.foreground = ["/bin/bash"];
    await rejects(send({ waitTimeoutMs: 100 }), "AGENT_NOT_LISTENING");
    world.host.foreground = undefined;
    world.host.alive.clear();
    await rejects(send({ waitTimeoutMs: 100 }), "AGENT_NOT_LISTENING");
    assert.equal(typed(), []);
  });

  s.test("waits for the end of the turn", async () => {
    await agent.hook("prompt", { prompt: "long" });
    world.host.onKeys = submits;
    const sending = send();
    await eventually(async () => /working/.test((await messages())[0]?.detail ?? ""));
    assert.equal(typed(), []);
    await agent.hook("turn-end");
    assert.is((await sending).stage, "acknowledged");
  });

  s.test("is withdrawn when the turn does not end in time, and never comes later", async () => {
    await agent.hook("prompt", { prompt: "long" });
    await rejects(send({ waitTimeoutMs: 50, requestId: "r" }), "SESSION_BUSY");
    await agent.hook("turn-end");
    await rejects(send({ requestId: "r" }), "SESSION_BUSY");
    assert.equal(typed(), []);
  });

  s.test("types at once when told to queue", async () => {
    await agent.hook("prompt", { prompt: "long" });
    world.host.onKeys = submits;
    assert.is((await send({ whenBusy: "queue" })).stage, "acknowledged");
  });

  s.test("sends Escape only when told to interrupt", async () => {
    await agent.hook("prompt", { prompt: "long" });
    world.host.onKeys = (handle, keys) =>
      keys[0] === "Escape" ? void agent.hook("interrupted") : submits(handle, keys);
    assert.is((await send({ whenBusy: "interrupt" })).stage, "acknowledged");
    assert.equal(typed(), ["<Escape>", "hello", "<Enter>"]);
  });

  s.test("senders take turns, first come first served", async () => {
    const texts = ["one", "two", "three"];
    world.host.onKeys = () => {
      const [text] = texts;
      texts.shift();
      show(COMPOSER);
      void agent.hook("prompt", { prompt: text ?? "" }).then(() => agent.hook("turn-end"));
    };
    const all = await Promise.all([...texts].map((text) => send({ text })));
    assert.equal(
      all.map((result) => result.stage),
      ["acknowledged", "acknowledged", "acknowledged"],
    );
    assert.equal(typed(), ["one", "<Enter>", "two", "<Enter>", "three", "<Enter>"]);
  });

  s.test("one that waits behind another is withdrawn when its own time is up", async () => {
    await agent.hook("prompt", { prompt: "long" });
    const first = send({ text: "first", noWait: true });
    await rejects(send({ text: "second", waitTimeoutMs: 50 }), "SESSION_BUSY");
    const { messageId } = await first;
    assert.is((await world.sessions.cancelMessage(messageId)).cancelled, true);
    assert.equal(typed(), []);
  });

  s.test("the same request id is one message; with another text it is refused", async () => {
    world.host.onKeys = submits;
    const [one, two] = await Promise.all([send({ requestId: "r" }), send({ requestId: "r" })]);
    assert.equal(one, two);
    assert.equal(await send({ requestId: "r" }), one);
    await rejects(send({ requestId: "r", text: "other" }), "REQUEST_ID_REUSED");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("a message can be withdrawn until its keys go out", async () => {
    await agent.hook("prompt", { prompt: "long" });
    const sending = send({ requestId: "r" });
    const message = await eventually(async () => (await messages())[0]);
    assert.is((await world.sessions.cancelMessage(message.id)).cancelled, true);
    assert.is((await world.sessions.cancelMessage(message.id)).cancelled, true);
    await rejects(sending, "MESSAGE_WITHDRAWN");
    await agent.hook("turn-end");
    world.host.onKeys = submits;
    const { messageId } = await send({ text: "another" });
    assert.is((await world.sessions.cancelMessage(messageId)).cancelled, false);
    assert.equal(typed(), ["another", "<Enter>"]);
    await rejects(world.sessions.cancelMessage("m-unknown"), "MESSAGE_NOT_FOUND");
  });

  s.test("a caller that goes away leaves its message in the outbox", async () => {
    await agent.hook("prompt", { prompt: "long" });
    const gone = new AbortController();
    const sending = world.sessions.send({ ...REQUEST, sessionId: "shop-1" }, gone.signal);
    await eventually(async () => (await messages()).length === 1);
    gone.abort();
    assert.ok(await sending.catch((error: Error) => error.name === "AbortError"));
    world.host.onKeys = submits;
    await agent.hook("turn-end");
    await eventually(async () => (await messages())[0]?.stage === "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("a message is for one launch alone", async () => {
    await agent.hook("prompt", { prompt: "long" });
    const sending = send();
    await eventually(async () => (await messages()).length === 1);
    await agent.exit({ exitCode: 0 });
    await rejects(sending, "SESSION_NOT_RUNNING");
    assert.equal(typed(), []);
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

  s.test(
    "an answer to a dialog that the witness showed first goes on when the hook names the request",
    async () => {
      await agent.hook("prompt", { prompt: "x" });
      await agent.send(agent.signal("witness", "witness_blocked", { type: "permission" }));
      const answered = world.sessions.answer({ sessionId: "shop-1", requestId: "", answer: "deny" });
      const hook = agent.signal("hook", "permission-request", { toolName: "Bash", requestId: "p1" });
      await agent.send({ ...hook, observedTime: hook.observedTime - 1 });
      show(DIALOG);
      await answered;
      assert.equal(typed(), ["<n>"]);
    },
  );

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
