import * as assert from "uvu/assert";
import type { Harness } from "../../src/core/ports/harnesses.ts";
import { answerKeys } from "../../src/harness/answer-keys.ts";
import { answerRequest } from "../../src/lifecycle/end/answer.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";
import { COMPOSER, DIALOG, sendBench } from "./send-bench.ts";

suite("interrupt and answer", (s) => {
  const at = sendBench(s);
  const { typed, show, block } = at;
  const answer = (word: "approve" | "deny", requestId = "") =>
    at.world.sessions.answer({ sessionId: "shop-1", requestId, answer: word });
  /** Keys take the dialog away from the `nth` press on. */
  const taken = (nth = 1) => {
    let presses = 0;
    at.world.host.onKeys = () => void (++presses >= nth && show(COMPOSER));
  };

  s.test("an interrupt without a turn types nothing", async () => {
    assert.is((await at.world.sessions.interrupt("shop-1")).interrupted, false);
    assert.equal(typed(), []);
    await at.agent.hook("prompt", { prompt: "x" });
    assert.is((await at.world.sessions.interrupt("shop-1")).interrupted, true);
    assert.equal(typed(), ["<Escape>"]);
  });

  s.test("an interrupt that the agent did not take is pressed again, but never at a composer", async () => {
    await at.agent.hook("prompt", { prompt: "x" });
    show("\n esc to interrupt \n");
    let presses = 0;
    at.world.host.onKeys = () => {
      presses += 1;
      if (presses === 2) show(COMPOSER);
    };
    assert.is((await at.world.sessions.interrupt("shop-1")).interrupted, true);
    assert.equal(typed(), ["<Escape>", "<Escape>"]);
  });

  s.test("an answer types the harness's key, for the open request only", async () => {
    await rejects(answer("approve"), "NOT_BLOCKED");
    await block();
    await rejects(answer("approve", "p9"), "REQUEST_NOT_FOUND");
    taken();
    await answer("deny", "p1");
    assert.equal(typed(), ["<n>"]);
  });

  s.test("where dialogs number their answers anew, the key is the one on screen, or none", async () => {
    const rows = { approve: "^(\\d) Once$", deny: "^(\\d) No$" };
    const demo = at.world.deps.harnesses.get("demo");
    const numbering: Harness = {
      ...demo,
      answerKeys: (answer, screen) => answerKeys({ interrupt: [], rows }, answer, screen),
    };
    const harnesses = { ...at.world.deps.harnesses, get: () => numbering };
    await block();
    show(`1 Always\n2 Once\n${DIALOG}`);
    const { session } = await at.world.sessions.get("shop-1");
    const decide = (word: "approve" | "deny") =>
      answerRequest({ ...at.world.deps, harnesses }, session, { requestId: "", answer: word });
    await rejects(decide("deny"), "UNSUPPORTED");
    assert.equal(typed(), []);
    taken();
    await decide("approve");
    assert.equal(typed(), ["<2>"]);
  });

  s.test("an answer waits for its dialog to be drawn", async () => {
    await block();
    show(COMPOSER);
    setTimeout(() => show(DIALOG), 200);
    taken();
    await answer("approve");
    assert.equal(typed(), ["<y>"]);
  });

  s.test(
    "an answer to a dialog that the witness showed first goes on when the hook names the request",
    async () => {
      await at.agent.hook("prompt", { prompt: "x" });
      await at.agent.send(at.agent.signal("witness", "witness_blocked", { type: "permission" }));
      taken();
      const answered = answer("deny");
      const hook = at.agent.signal("hook", "permission-request", { toolName: "Bash", requestId: "p1" });
      await at.agent.send({ ...hook, observedTime: hook.observedTime - 1 });
      show(DIALOG);
      await answered;
      assert.equal(typed(), ["<n>"]);
    },
  );

  s.test("of two answers at once only one presses keys", async () => {
    await block();
    at.world.host.onKeys = () => void setTimeout(() => show(COMPOSER), 50);
    const outcomes = await Promise.allSettled([answer("approve"), answer("approve")]);
    assert.equal(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal(typed(), ["<y>"]);
  });

  s.test("an answer types nothing when the screen shows no dialog", async () => {
    await block();
    show(COMPOSER);
    await rejects(answer("approve"), "NOT_BLOCKED");
    assert.equal(typed(), []);
  });

  s.test("a key that the agent lost is pressed again while the same dialog stands", async () => {
    await block();
    taken(2);
    await answer("approve");
    assert.equal(typed(), ["<y>", "<y>"]);
  });

  s.test("an answer is taken when the agent says so, whatever its screen still shows", async () => {
    await block();
    at.world.host.onKeys = () => void at.agent.hook("permission-reply", { requestId: "p1", reason: "deny" });
    await answer("deny");
    assert.equal(typed(), ["<n>"]);
  });

  s.test("an answer that is never taken says so", async () => {
    await block();
    const { message } = await rejects(answer("deny"), "ANSWER_NOT_TAKEN");
    assert.match(message, /did not take the answer "deny": its dialog still stands/);
    assert.equal(typed(), ["<n>", "<n>", "<n>"]);
  });

  s.test("another dialog that stands there afterwards gets no key", async () => {
    await block();
    at.world.host.onKeys = () => show(`another command\n${DIALOG}`);
    await answer("approve");
    assert.equal(typed(), ["<y>"]);
  });
});
