import * as assert from "uvu/assert";
import type { Meaning, SignalFields } from "../../src/core/signal.ts";
import { waitingOn } from "../../src/core/status.ts";
import { suite } from "../support/suite.ts";
import { T0, tell } from "./story.ts";

const BASH = { toolName: "Bash", toolInputDigest: "d1" };
const OTHER = { toolName: "Bash", toolInputDigest: "d2" };

/** A turn with a request for Bash open; claude's requests carry no tool-use id. */
function blocked(request: SignalFields = BASH) {
  const story = tell();
  story.see("prompt");
  story.see("permission_request", request);
  return story;
}

suite("R5: how blocked begins", ({ test }) => {
  test("at a permission request, with the tool", () => {
    const story = blocked({ ...BASH, message: "touch f", requestId: "r1" });
    assert.is(story.status(), "needs_input");
    assert.is(story.reason(), "waits for permission to use Bash");
    assert.is(story.facts.activity.state, "blocked");
    assert.equal(
      { ...waitingOn(story.facts), toolUseId: undefined },
      {
        kind: "permission",
        since: T0 + 2000,
        tool: "Bash",
        toolUseId: undefined,
        toolInputDigest: "d1",
        message: "touch f",
        requestId: "r1",
        agentId: undefined,
      },
    );
  });

  test("at a question", () => {
    const story = tell();
    story.see("question_request", { toolName: "AskUserQuestion" });
    assert.is(story.reason(), "asks a question");
  });

  test("the same request told again is one request", () => {
    for (const again of [BASH, { toolName: "Bash" }, { ...BASH, message: "touch f" }]) {
      const story = blocked();
      story.see("permission_request", again);
      assert.is(story.facts.requests.length, 1);
      assert.is(story.facts.requests[0]?.since, T0 + 2000);
    }
  });

  test("parallel tools have one each, even with equal input", () => {
    const story = tell();
    story.see("tool_start", { ...BASH, toolUseId: "t1" });
    story.see("tool_start", { ...BASH, toolUseId: "t2" });
    story.see("permission_request", BASH);
    story.see("permission_request", BASH);
    assert.equal(
      story.facts.requests.map((one) => one.toolUseId),
      ["t1", "t2"],
    );
    story.see("permission_request", BASH);
    assert.is(story.facts.requests.length, 2);
    story.see("tool_end", { ...BASH, toolUseId: "t1" });
    assert.is(story.status(), "needs_input");
    story.see("tool_end", { ...BASH, toolUseId: "t2" });
    assert.is(story.status(), "working");
  });

  test("the session waits on the oldest", () => {
    const story = blocked();
    story.see("permission_request", { toolName: "Write", toolInputDigest: "w" });
    assert.is(waitingOn(story.facts)?.tool, "Bash");
    story.see("tool_end", BASH);
    assert.is(waitingOn(story.facts)?.tool, "Write");
  });

  test("a notification only confirms what a request began", () => {
    const story = tell();
    story.see("prompt");
    assert.is(story.see("notify_permission").outcome, "recorded");
    assert.is(story.status(), "working");
  });

  test("headless: the agent denies by itself, nobody waits", () => {
    for (const meaning of ["permission_request", "question_request", "witness_blocked"] as const) {
      const story = tell({ headless: true });
      story.see("prompt");
      story.see(meaning, BASH);
      assert.is(story.status(), "working");
    }
  });

  test("word of a request that comes after its tool's end begins nothing", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("tool_end", { ...BASH, toolUseId: "t1" }, { at: 5000 });
    assert.is(story.see("permission_request", BASH, { at: 2000 }).outcome, "superseded");
    assert.is(story.status(), "working");
    story.see("permission_request", BASH, { at: 6000 });
    assert.is(story.status(), "needs_input");
  });

  test("word of a request that comes after a subagent's use of the same tool does begin", () => {
    const story = tell();
    story.see("tool_end", { ...BASH, agentId: "a1" }, { at: 5000 });
    story.see("permission_request", BASH, { at: 4000 });
    assert.is(story.status(), "needs_input");
  });

  test("the root's own request proves that its turn runs", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1" });
    story.see("permission_request", { ...BASH, nativeSessionId: "n1" });
    story.see("prompt", { nativeSessionId: "hidden-thread" });
    assert.equal(story.facts.nativeSessionIds, ["n1"]);
    assert.is(story.status(), "needs_input");
  });

  test("word of a request that comes after the turn's end begins nothing", () => {
    const story = tell();
    story.see("turn_end", {}, { at: 5000 });
    assert.is(story.see("permission_request", BASH, { at: 2000 }).outcome, "superseded");
    assert.is(story.status(), "idle");
  });

  test("word of a request that comes after another tool's end does", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("tool_end", { ...OTHER, toolUseId: "t2" }, { at: 5000 });
    story.see("permission_request", BASH, { at: 4000 });
    assert.is(story.status(), "needs_input");
    assert.is(story.facts.activity.since, T0 + 4000);
  });
});

const ENDS: [string, Meaning, SignalFields, "working" | "idle"][] = [
  ["the tool's own end, by name and input", "tool_end", BASH, "working"],
  ["a tool's end of unknown input, by name", "tool_end", { toolName: "Bash" }, "working"],
  ["the tool's own beginning (qwen asks first)", "tool_start", BASH, "working"],
  ["the end of the tool batch", "tool_batch_end", {}, "working"],
  ["an answer by id", "request_answered", { requestId: "r1", reason: "approve" }, "working"],
  ["an answer without an id", "request_answered", {}, "working"],
  ["a person's prompt", "prompt", {}, "working"],
  ["a synthetic prompt", "prompt_synthetic", {}, "working"],
  ["the turn's end", "turn_end", {}, "idle"],
  ["an interrupt", "turn_interrupted", {}, "idle"],
  ["a failure", "turn_failed", {}, "idle"],
  ["a notification that the agent is idle", "notify_idle", {}, "idle"],
  ["the conversation's end", "conversation_end", { nativeSessionId: "n1" }, "idle"],
  ["the witness seeing the turn over", "witness_idle", {}, "idle"],
];

const STAYS: [string, Meaning, SignalFields][] = [
  ["another tool's end", "tool_end", { ...OTHER, toolUseId: "t2" }],
  ["another tool's beginning", "tool_start", { ...OTHER, toolUseId: "t2" }],
  ["a subagent's use of the same tool", "tool_end", { ...BASH, agentId: "a1" }],
  ["a subagent's batch", "tool_batch_end", { agentId: "a1" }],
  ["a subagent's turn", "turn_end", { agentId: "a1" }],
  ["a child conversation's turn", "turn_end", { nativeSessionId: "c1", parentSessionId: "n1" }],
  ["a subagent's end", "subagent_end", { agentId: "a1" }],
  ["an answer to another request", "request_answered", { requestId: "r2" }],
  ["any progress", "progress", {}],
  ["a notification", "notify_permission", {}],
  ["a receipt", "receipt", {}],
  ["a compaction", "compact_start", {}],
  ["a lease of the witness", "witness_active", { type: "lease" }],
  ["a witness blind to dialogs", "witness_active", {}],
];

suite("R5: how blocked ends", ({ test }) => {
  const told = { ...BASH, requestId: "r1", nativeSessionId: "n1" };
  for (const [what, meaning, fields, status] of ENDS) {
    test(`at ${what}`, () => {
      const story = blocked(told);
      story.see(meaning, fields);
      assert.is(story.status(), status);
      assert.equal(story.facts.requests, []);
    });
  }
  for (const [what, meaning, fields] of STAYS) {
    test(`not at ${what}`, () => {
      const story = blocked(told);
      story.see(meaning, fields);
      assert.is(story.status(), "needs_input");
      assert.is(story.facts.requests.length, 1);
    });
  }

  test("by tool-use id alone where the request has one", () => {
    const story = blocked({ ...BASH, toolUseId: "t1" });
    story.see("tool_end", { ...BASH, toolUseId: "t2" });
    assert.is(story.status(), "needs_input");
    story.see("tool_end", { ...OTHER, toolUseId: "t1" });
    assert.is(story.status(), "working");
  });

  test("by the id of the tool that had begun, though the answer changed its input (AskUserQuestion)", () => {
    const story = tell();
    story.see("tool_start", { toolName: "Ask", toolInputDigest: "q", toolUseId: "t1" });
    story.see("question_request", { toolName: "Ask", toolInputDigest: "q" });
    story.see("tool_end", { toolName: "Ask", toolInputDigest: "q+answers", toolUseId: "t1" });
    assert.is(story.status(), "working");
  });

  test("by the last of the tools it may have been about", () => {
    const story = tell();
    story.see("tool_start", { toolName: "Bash", toolUseId: "t1" });
    story.see("tool_start", { toolName: "Bash", toolUseId: "t2" });
    story.see("permission_request", BASH);
    story.see("tool_end", { toolName: "Bash", toolUseId: "t1" });
    assert.is(story.status(), "needs_input");
    story.see("tool_end", { toolName: "Bash", toolUseId: "t2" });
    assert.is(story.status(), "working");
  });

  test("a beginning told late binds the request and does not approve it", () => {
    const story = tell();
    story.see("permission_request", BASH, { at: 2000 });
    story.see("tool_start", { ...BASH, toolUseId: "t1" }, { at: 1990 });
    assert.is(story.status(), "needs_input");
    assert.is(story.facts.requests[0]?.toolUseId, "t1");
  });

  test("an answered request does not come back", () => {
    const story = tell();
    story.see("request_answered", { requestId: "r1" }, { at: 3000 });
    story.see("permission_request", { ...BASH, requestId: "r1" }, { at: 2000 });
    assert.is(story.facts.requests.length, 0);
  });
});

suite("R7: requests of subagents", ({ test }) => {
  function asking() {
    const story = tell();
    story.see("prompt");
    story.see("subagent_start", { agentId: "a1" });
    story.see("turn_end", { backgroundTasks: 1 });
    story.see("permission_request", { ...BASH, agentId: "a1" });
    return story;
  }

  test("block after the root's turn has ended", () => {
    const story = asking();
    assert.is(story.status(), "needs_input");
    assert.is(story.reason(), "a subagent waits for permission to use Bash");
  });

  test("leave the root idle when decided", () => {
    const story = asking();
    const { rule } = story.see("tool_end", { ...BASH, agentId: "a1" });
    assert.is(rule, "R7");
    assert.is(story.status(), "idle");
    assert.is(story.reason(), "1 background task runs on");
    story.see("subagent_end", { agentId: "a1" });
    assert.is(story.facts.backgroundTasks, 0);
  });

  test("end with the subagent, its batch, or anybody's prompt, and not with the root's turn", () => {
    for (const [meaning, fields] of [
      ["subagent_end", { agentId: "a1" }],
      ["tool_batch_end", { agentId: "a1" }],
      ["prompt", {}],
    ] as [Meaning, SignalFields][]) {
      const story = asking();
      story.see(meaning, fields);
      assert.equal(story.facts.requests, [], meaning);
    }
    for (const meaning of ["turn_end", "tool_batch_end", "prompt_synthetic", "witness_idle"] as const) {
      const story = asking();
      story.see(meaning, {});
      assert.is(story.facts.requests.length, 1, meaning);
    }
  });

  test("come through whatever the order of request and root's end", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("turn_end", { backgroundTasks: 1 }, { at: 2005 });
    story.see("permission_request", { ...BASH, agentId: "a1" }, { at: 2000 });
    assert.is(story.status(), "needs_input");
  });
});

function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

suite("usage limit and login", ({ test }) => {
  test("a usage limit counts also where the witness saw the end of its turn first, an old one does not", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("witness_idle", {}, { at: 1500 });
    story.see("limit", { message: "rate limited" }, { at: 1470 });
    assert.is(story.facts.requests[0]?.kind, "limit");
    const later = tell();
    later.see("prompt", {}, { at: 1000 });
    later.see("turn_end", {}, { at: 9000 });
    assert.is(later.see("limit", { message: "rate limited" }, { at: 1470 }).outcome, "superseded");
    assert.equal(later.facts.requests, []);
  });

  test("a usage limit says when it ends, as far as the agent did", () => {
    const story = tell();
    story.see("prompt");
    story.see("limit", { message: "You've hit your session limit · resets in 2h 30m" });
    const { until = 0, since = 0 } = waitingOn(story.facts) ?? {};
    assert.is(until - since, 9_000_000);
    assert.is(story.reason(), `stopped by a usage limit until ${minuteOf(until)}`);
    story.see("prompt");
    story.see("limit", { message: "rate limited" });
    assert.is(waitingOn(story.facts)?.until, undefined);
  });

  for (const [meaning, reason] of [
    ["limit", "stopped by a usage limit"],
    ["auth_required", "wants a login"],
  ] as const) {
    test(`${meaning} waits until the agent works again`, () => {
      const story = tell();
      story.see("prompt");
      story.see(meaning);
      story.see("turn_end");
      story.see("witness_idle");
      story.see("notify_idle");
      assert.is(story.status(), "needs_input");
      assert.is(story.reason(), reason);
      story.see("tool_start", BASH);
      assert.is(story.status(), "working");
    });
  }
});
