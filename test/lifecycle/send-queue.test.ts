import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";
import { COMPOSER, REQUEST, sendBench } from "./send-bench.ts";

suite("send: waiting, turns and withdrawal", (s) => {
  const at = sendBench(s);
  const { typed, show, send, messages, submits } = at;

  s.test("waits for the end of the turn", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    at.world.host.onKeys = submits;
    const sending = send();
    await eventually(async () => /working/.test((await messages())[0]?.detail ?? ""));
    assert.equal(typed(), []);
    await at.agent.hook("turn-end");
    assert.is((await sending).stage, "acknowledged");
  });

  s.test("is withdrawn when the turn does not end in time, and never comes later", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    await rejects(send({ waitTimeoutMs: 50, requestId: "r" }), "SESSION_BUSY");
    await at.agent.hook("turn-end");
    await rejects(send({ requestId: "r" }), "SESSION_BUSY");
    assert.equal(typed(), []);
  });

  s.test("types at once when told to queue", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    at.world.host.onKeys = submits;
    assert.is((await send({ whenBusy: "queue" })).stage, "acknowledged");
  });

  s.test("sends Escape only when told to interrupt", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    at.world.host.onKeys = (handle, keys) =>
      keys[0] === "Escape" ? void at.agent.hook("interrupted") : submits(handle, keys);
    assert.is((await send({ whenBusy: "interrupt" })).stage, "acknowledged");
    assert.equal(typed(), ["<Escape>", "hello", "<Enter>"]);
  });

  s.test("senders take turns, first come first served", async () => {
    const texts = ["one", "two", "three"];
    at.world.host.onKeys = () => {
      const [text] = texts;
      texts.shift();
      show(COMPOSER);
      void at.agent.hook("prompt", { prompt: text ?? "" }).then(() => at.agent.hook("turn-end"));
    };
    const all = await Promise.all([...texts].map((text) => send({ text })));
    assert.equal(
      all.map((result) => result.stage),
      ["acknowledged", "acknowledged", "acknowledged"],
    );
    assert.equal(typed(), ["one", "<Enter>", "two", "<Enter>", "three", "<Enter>"]);
  });

  s.test("one that waits behind another is withdrawn when its own time is up", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    const first = send({ text: "first", noWait: true });
    await rejects(send({ text: "second", waitTimeoutMs: 50 }), "SESSION_BUSY");
    const { messageId } = await first;
    assert.is((await at.world.sessions.cancelMessage(messageId)).cancelled, true);
    assert.equal(typed(), []);
  });

  s.test("the same request id is one message; with another text it is refused", async () => {
    at.world.host.onKeys = submits;
    const [one, two] = await Promise.all([send({ requestId: "r" }), send({ requestId: "r" })]);
    assert.equal(one, two);
    assert.equal(await send({ requestId: "r" }), one);
    await rejects(send({ requestId: "r", text: "other" }), "REQUEST_ID_REUSED");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("a message can be withdrawn until its keys go out", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    const sending = send({ requestId: "r" });
    const message = await eventually(async () => (await messages())[0]);
    assert.is((await at.world.sessions.cancelMessage(message.id)).cancelled, true);
    assert.is((await at.world.sessions.cancelMessage(message.id)).cancelled, true);
    await rejects(sending, "MESSAGE_WITHDRAWN");
    await at.agent.hook("turn-end");
    at.world.host.onKeys = submits;
    const { messageId } = await send({ text: "another" });
    assert.is((await at.world.sessions.cancelMessage(messageId)).cancelled, false);
    assert.equal(typed(), ["another", "<Enter>"]);
    await rejects(at.world.sessions.cancelMessage("m-unknown"), "MESSAGE_NOT_FOUND");
  });

  s.test("a caller that goes away leaves its message in the outbox", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    const gone = new AbortController();
    const sending = at.world.sessions.send({ ...REQUEST, sessionId: "shop-1" }, gone.signal);
    await eventually(async () => (await messages()).length === 1);
    gone.abort();
    assert.ok(await sending.catch((error: Error) => error.name === "AbortError"));
    at.world.host.onKeys = submits;
    await at.agent.hook("turn-end");
    await eventually(async () => (await messages())[0]?.stage === "acknowledged");
    assert.equal(typed(), ["hello", "<Enter>"]);
  });

  s.test("a message is for one launch alone", async () => {
    await at.agent.hook("prompt", { prompt: "long" });
    const sending = send();
    await eventually(async () => (await messages()).length === 1);
    await at.agent.exit({ exitCode: 0 });
    await rejects(sending, "SESSION_NOT_RUNNING");
    assert.equal(typed(), []);
  });

  s.test("refuses an ended session", async () => {
    await at.agent.exit({ exitCode: 0 });
    await rejects(send(), "SESSION_NOT_RUNNING");
  });
});
