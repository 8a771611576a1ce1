import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";
import { COMPOSER, DIALOG, sendBench } from "./send-bench.ts";

suite("send: what is not typed into", (s) => {
  const at = sendBench(s);
  const { typed, show, send, messages, submits, block } = at;

  s.test("types nothing into a dialog", async () => {
    await block();
    await rejects(send(), "SESSION_BLOCKED");
    assert.equal(typed(), []);
    assert.equal(await messages(), []);
  });

  s.test("does not press Enter when a dialog opens after the paste", async () => {
    at.world.host.onPaste = () => void block();
    const result = await send({ waitTimeoutMs: 200 });
    assert.is(result.stage, "typed");
    assert.match(result.detail, /dialog/);
    assert.equal(typed(), ["hello"]);
  });

  s.test(
    "presses Enter once the dialog that opened after the paste is gone and the text stands there",
    async () => {
      at.world.host.onPaste = () => void block();
      const sending = send();
      await eventually(async () => /dialog/.test((await messages())[0]?.detail ?? ""));
      at.world.host.onKeys = submits;
      show("\n› hello\n");
      await at.agent.hook("permission-reply", { requestId: "p1" });
      assert.is((await sending).stage, "acknowledged");
      assert.equal(typed(), ["hello", "<Enter>"]);
    },
  );

  s.test("a usage limit is no dialog: the composer is free, and there is no turn to interrupt", async () => {
    at.world.host.onKeys = submits;
    await at.agent.hook("prompt", { prompt: "x" });
    await at.agent.send(at.agent.signal("witness", "limit", { message: "resets in 2h" }));
    assert.not((await at.world.sessions.interrupt("shop-1")).interrupted);
    assert.is((await send()).stage, "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("types nothing when only the screen knows of the dialog", async () => {
    show(DIALOG);
    await rejects(send({ waitTimeoutMs: 100 }), "SESSION_BLOCKED");
    assert.equal(typed(), []);
  });

  s.test("a dialog that is drawn between look and Enter is noticed by the cursor", async () => {
    const paste = at.world.host.onPaste;
    at.world.host.onPaste = (...args) => {
      paste(...args);
      const typeOnce = at.world.host.runtime.typeOnce;
      at.world.host.runtime.typeOnce = (...keys) => {
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
    at.world.host.onKeys = submits;
    show(COMPOSER);
    assert.is((await sending).stage, "acknowledged");
  });

  s.test("a message that was left behind in the composer is cleared for the next one", async () => {
    at.world.host.onPaste = (handle, text) => {
      at.world.host.screens.set(handle, `\n› ${text}\n${DIALOG}`);
    };
    assert.is((await send({ text: "left behind", waitTimeoutMs: 100 })).stage, "typed");
    show("\n› left behind\n");
    at.world.host.onPaste = (handle, text) => at.world.host.screens.set(handle, `\n› ${text}\n`);
    at.world.host.onKeys = (handle, keys) => (keys[0] === "C-c" ? show(COMPOSER) : submits(handle, keys));
    assert.is((await send()).stage, "acknowledged");
    assert.equal(typed(), ["left behind", "<C-c>", "hello", "<Enter>"]);
  });

  s.test("a person who types or scrolls is not disturbed", async () => {
    const { launchId } = at.view.session.facts;
    for (const look of [
      { personTime: at.world.clock.now() },
      { personTime: at.world.clock.now() - 9000, scrolled: true },
    ]) {
      at.world.host.looks.set(launchId, [look]);
      await rejects(send({ waitTimeoutMs: 100 }), "TERMINAL_IN_USE");
    }
    assert.equal(typed(), []);
    at.world.host.onKeys = submits;
    at.world.host.looks.set(launchId, [{ personTime: at.world.clock.now() - 9000 }]);
    assert.is((await send()).stage, "acknowledged");
  });

  s.test("nothing is typed into a shell or for a dead process", async () => {
    at.world.host.foreground = ["/bin/bash"];
    await rejects(send({ waitTimeoutMs: 100 }), "AGENT_NOT_LISTENING");
    at.world.host.foreground = undefined;
    at.world.host.alive.clear();
    await rejects(send({ waitTimeoutMs: 100 }), "AGENT_NOT_LISTENING");
    assert.equal(typed(), []);
  });
});
