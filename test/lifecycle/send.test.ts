import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { Harness } from "../../src/core/ports/harnesses.ts";
import { eventually } from "../support/eventually.ts";
import { SWIFT } from "../support/in-process.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";
import { COMPOSER, sendBench } from "./send-bench.ts";

suite("send: typed, submitted, acknowledged", (s) => {
  const at = sendBench(s);
  const { typed, show, send, messages, submits } = at;

  s.test("types, submits and is acknowledged by the agent's own prompt event", async () => {
    at.world.host.onKeys = submits;
    const { messageId, ...result } = await send();
    assert.equal(result, { stage: "acknowledged", detail: "" });
    assert.equal(typed(), ["hello", "<Enter>"]);
    const message = (await messages())[0];
    assert.is(message?.id, messageId);
    assert.ok(message?.endTime && message.typedTime && message.submittedTime);
  });

  s.test("presses Enter again when it was swallowed and the text still stands there", async () => {
    let presses = 0;
    at.world.host.onKeys = (...keys) => {
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
      at.world.host.onKeys = () => show(COMPOSER);
      assert.is((await send()).stage, "submitted");
      assert.equal(typed(), ["hello", "<Enter>"]);
    },
  );

  s.test("another prompt's event acknowledges nothing", async () => {
    at.world.host.onKeys = () => {
      show(COMPOSER);
      void at.agent.hook("prompt", { prompt: "somebody else's" });
    };
    assert.is((await send()).stage, "submitted");
  });

  s.test("a paste that the agent keeps in a file of its own is acknowledged", async () => {
    at.world.host.onKeys = () => {
      show(COMPOSER);
      void at.agent.hook("prompt", {
        prompt: '<pasted_content file="/home/u/paste-1.txt" size="48.3 KB" lines="2602" />',
      });
    };
    assert.is((await send()).stage, "acknowledged");
  });

  s.test("a paste that never shows gets no Enter, and says so", async () => {
    at.world.host.onPaste = () => {};
    const { stage, detail } = await send();
    assert.is(stage, "typed");
    assert.match(detail, /never appeared/);
    assert.equal(typed(), ["hello"]);
  });

  s.test("where no composer is read, the first text waits for the screen's sign", async () => {
    const { harnesses } = at.world.deps;
    const demo = harnesses.get("demo");
    const unread: Harness = { ...demo, readsComposer: false, readComposer: () => undefined };
    Object.assign(harnesses, { get: () => unread });
    show("");
    await send({ noWait: true });
    const detail = async () => (await messages())[0]?.detail ?? "";
    await eventually(async () => /no composer is to be seen|drawn nothing/.test(await detail()));
    assert.equal(typed(), []);
    show(COMPOSER);
    await eventually(() => typed().includes("hello"));
  });

  s.test("an agent that has drawn nothing yet gets nothing, however long it takes", async () => {
    show("");
    const sent = send({ waitTimeoutMs: 30_000 });
    await eventually(async () => /drawn nothing yet/.test((await messages())[0]?.detail ?? ""));
    assert.equal(typed(), []);
    at.world.host.onKeys = submits;
    show(COMPOSER);
    assert.is((await sent).stage, "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("the patience with a composer that is not drawn begins when the turn is over", async () => {
    show("something else");
    await at.agent.hook("prompt", { prompt: "x" });
    const sent = send({ waitTimeoutMs: 30_000 });
    await eventually(async () => /working/.test((await messages())[0]?.detail ?? ""));
    // Longer than a composer that is not drawn is waited for.
    await sleep(2 * SWIFT.appear);
    await at.agent.hook("turn-end");
    await eventually(async () => /no composer/.test((await messages())[0]?.detail ?? ""));
    at.world.host.onKeys = submits;
    show(COMPOSER);
    assert.is((await sent).stage, "acknowledged");
  });

  s.test("a text that was typed blindly, and lost, is not called submitted", async () => {
    show("something else");
    at.world.host.onPaste = () => {};
    at.world.host.onKeys = () => show(COMPOSER);
    const { stage, detail } = await send();
    assert.is(stage, "typed");
    assert.match(detail, /reports no prompt/);
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test(
    "a text that was typed blindly where no composer comes to be seen is not called submitted",
    async () => {
      show("something else");
      at.world.host.onPaste = () => {};
      at.world.host.onKeys = () => {};
      const { stage, detail } = await send();
      assert.is(stage, "typed");
      assert.match(detail, /reports no prompt/);
    },
  );

  s.test("nothing is typed where a panel of the agent's covers a composer that was seen", async () => {
    at.world.host.onKeys = submits;
    assert.is((await send()).stage, "acknowledged");
    await at.agent.hook("turn-end");
    show("Session Stats\n tab · esc\n");
    const covered = send({ text: "lost?", waitTimeoutMs: 4 * SWIFT.appear });
    const error = await rejects(covered, "AGENT_NOT_LISTENING");
    assert.match(error.message, /something covers its composer/);
    assert.equal(typed(), ["hello", "<Enter>"]);
    show(COMPOSER);
    assert.is((await send({ text: "after it" })).stage, "acknowledged");
  });

  s.test("a command that the agent's list makes another of is not submitted, and said", async () => {
    at.world.host.onKeys = () => show("\n› /clear \n");
    const { stage, detail } = await send({ text: "/c" });
    assert.is(stage, "typed");
    assert.match(detail, /the agent made "\/clear" of the command/);
    assert.equal(typed(), ["/c", "<Enter>"]);
  });

  s.test("a command with its arguments shown behind it gets its Enter again, but not for ever", async () => {
    at.world.host.onPaste = () => show("\n› /stats [model|tools]\n");
    const { stage, detail } = await send({ text: "/stats" });
    assert.is(stage, "typed");
    assert.match(detail, /pressed 6 times/);
  });

  s.test("a space closes the list of files that would take the Enter", async () => {
    at.world.host.onKeys = submits;
    assert.is((await send({ text: "mend @src" })).stage, "acknowledged");
    assert.equal(typed(), ["mend @src ", "<Enter>"]);
  });

  s.test("a text that somebody takes out of the composer gets no Enter", async () => {
    const paste = at.world.host.onPaste;
    at.world.host.onPaste = (...args) => {
      paste(...args);
      const looks = at.world.deps.runtimes.tmux.look;
      at.world.host.runtime.look = async (...seen) => {
        const look = await looks(...seen);
        show(COMPOSER);
        return look;
      };
      show("\n› hello?\n");
      at.world.host.looks.set(at.view.session.facts.launchId, [{ personTime: at.world.clock.now() }]);
    };
    const { stage, detail } = await send({ waitTimeoutMs: 100 });
    assert.is(stage, "typed");
    assert.match(detail, /somebody/);
    assert.equal(typed(), ["hello"]);
  });
});
