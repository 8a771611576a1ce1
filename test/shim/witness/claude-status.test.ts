import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { claudeTestimony, isStatusOf, parseClaudeStatus } from "../../../src/shim/witness/claude-status.ts";
import { suite } from "../../support/suite.ts";

/** As claude 2.1.330 wrote it. */
const WAITING =
  '{"pid":2855,"sessionId":"fd73dcd4-e5b6-4206-ac1a-104af10a3795","cwd":"/w","startedAt":1795366197341,"procStart":"45212","version":"2.1.330","peerProtocol":1,"peerFeatures":["notify_idle"],"kind":"interactive","entrypoint":"cli","pidDomain":"linux:3d12:pid:[4026531836]","asksForConvertedSkills":null,"tmux":"c1:@0.%0","name":"wt-3e","status":"waiting","updatedAt":1795366228555,"statusUpdatedAt":1795366228555,"waitingFor":"permission prompt"}';
/** A reader met this when the file was rewritten with a shorter text. */
const MIX = `${WAITING.replace(/"waiting".*/, '"busy","updatedAt":1795366229816,"statusUpdatedAt":1795366229816}')}55,"waitingFor":"permission prompt"}`;

function statusOf(changed: object) {
  const reading = parseClaudeStatus(JSON.stringify({ ...JSON.parse(WAITING), ...changed }));
  if (reading.kind !== "status") throw new Error(reading.kind);
  return reading.status;
}

suite("claude status", ({ test }) => {
  test("each state has its meaning, at the file's own time", () => {
    const meanings = ["idle", "busy", "shell", "waiting"].map((status) => {
      const { event, at, fields } = claudeTestimony(statusOf({ status }));
      assert.is(at, 1795366228555);
      assert.is(fields.nativeSessionId, "fd73dcd4-e5b6-4206-ac1a-104af10a3795");
      return `${status} ${event} ${fields.type ?? "-"}`;
    });
    assert.equal(meanings, [
      "idle witness_idle -",
      "busy witness_active no_dialog",
      "shell witness_idle shell",
      "waiting witness_blocked permission",
    ]);
  });

  test("says which dialog is open, in the program's word when it is another", () => {
    const types = ["input needed", "dialog open", "sandbox request", "constructor", undefined].map(
      (waitingFor) => claudeTestimony(statusOf({ waitingFor })).fields.type,
    );
    assert.equal(types, ["question", "dialog open", "sandbox request", "constructor", undefined]);
  });

  test("the id names one observation and is the same when it is seen again", () => {
    const id = (changed: object) => claudeTestimony(statusOf(changed)).id;
    assert.is(id({}), id({ updatedAt: 1, name: "other" }));
    assert.is.not(id({}), id({ status: "busy" }));
    assert.is.not(id({}), id({ statusUpdatedAt: 1795366228556 }));
  });

  test("a mix of old and new text is torn, a file without a status says nothing", () => {
    assert.is(parseClaudeStatus(MIX).kind, "torn");
    assert.is(parseClaudeStatus("").kind, "torn");
    const { status, ...young } = JSON.parse(WAITING);
    assert.is(status, "waiting");
    assert.is(parseClaudeStatus(JSON.stringify(young)).kind, "nothing");
  });

  test("wrong fields are no evidence", () => {
    for (const changed of [
      { status: "napping" },
      { status: 1 },
      { statusUpdatedAt: "1795366228555" },
      { statusUpdatedAt: -1 },
      { statusUpdatedAt: 1e300 },
      { pid: "2855" },
      { pid: 1.5 },
    ]) {
      const text = JSON.stringify({ ...JSON.parse(WAITING), ...changed });
      assert.is(parseClaudeStatus(text).kind, "nothing", JSON.stringify(changed));
    }
  });

  test("a file of an earlier process with the same pid is not this one's", () => {
    const launchTime = 1795366197000;
    const status = statusOf({});
    assert.ok(isStatusOf(status, { pid: 2855, startTicks: 45212 }, launchTime));
    assert.not(isStatusOf(status, { pid: 2855, startTicks: 45213 }, launchTime));
    assert.not(isStatusOf(status, { pid: 2856, startTicks: 45212 }, launchTime));
    assert.ok(isStatusOf(status, { pid: 2855 }, launchTime));
    assert.not(isStatusOf(status, { pid: 2855 }, launchTime + 60_000));
    assert.not(
      isStatusOf(statusOf({ procStart: 7, startedAt: null }), { pid: 2855, startTicks: 7 }, launchTime),
    );
  });

  test("no text makes it throw, and none but a whole one is evidence", async () => {
    await fc.assert(
      fc.property(fc.integer({ min: 0, max: WAITING.length - 1 }), (length) => {
        assert.is(parseClaudeStatus(WAITING.slice(0, length)).kind, "torn");
      }),
    );
    await fc.assert(fc.property(fc.string(), (text) => parseClaudeStatus(text).kind !== "status"));
    await fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (status, statusUpdatedAt, pid) => {
        parseClaudeStatus(JSON.stringify({ status, statusUpdatedAt, pid }));
      }),
    );
  });
});
