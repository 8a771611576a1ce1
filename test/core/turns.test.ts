import * as assert from "uvu/assert";
import type { Meaning, SignalFields } from "../../src/core/signal.ts";
import { nextStatusChange, waitingOn } from "../../src/core/status.ts";
import { suite } from "../support/suite.ts";
import { T0, TRAITS, tell } from "./story.ts";

suite("turns", ({ test }) => {
  const begins: Meaning[] = [
    "prompt",
    "prompt_synthetic",
    "tool_start",
    "tool_end",
    "tool_batch_end",
    "progress",
  ];
  for (const meaning of begins) {
    test(`${meaning} runs the turn`, () => {
      const story = tell();
      story.see("turn_end");
      assert.is(story.see(meaning).outcome, "applied");
      assert.is(story.status(), "working");
      assert.is(story.see(meaning).outcome, "recorded");
    });
  }

  for (const meaning of [
    "turn_end",
    "turn_interrupted",
    "turn_failed",
    "notify_idle",
    "conversation_end",
  ] as const) {
    test(`${meaning} ends the turn`, () => {
      const story = tell();
      story.see("prompt");
      story.see(meaning);
      assert.is(story.status(), "idle");
    });
  }

  for (const meaning of [
    "receipt",
    "notify_permission",
    "conversation_start",
    "subagent_start",
    "compact_end",
  ] as const) {
    test(`${meaning} neither begins nor ends one`, () => {
      const idle = tell();
      idle.see("turn_end");
      idle.see(meaning);
      assert.is(idle.status(), "idle");
      const active = tell();
      active.see("prompt");
      active.see(meaning);
      assert.is(active.status(), "working");
    });
  }

  test("a Stop without a prompt keeps idle (claude's bash mode)", () => {
    const story = tell();
    story.see("turn_end", { message: "one" });
    assert.is(story.see("turn_end", { message: "two" }).outcome, "applied");
    assert.is(story.status(), "idle");
    assert.is(story.facts.summary, "two");
  });

  test("the summary is that of the newest end", () => {
    const story = tell();
    story.see("turn_end", { message: "new" }, { at: 5000 });
    story.see("turn_end", { message: "old" }, { at: 1000 });
    assert.is(story.facts.summary, "new");
  });

  test("a witness has the summary where no hook has, and never an older one", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("turn_end", {}, { at: 2000 });
    story.see("witness_idle", { message: "seen in its file" }, { at: 2100 });
    assert.is(story.facts.summary, "seen in its file");
    story.see("prompt", {}, { at: 3000 });
    story.see("turn_end", { message: "new" }, { at: 4000 });
    story.see("witness_idle", { message: "old" }, { at: 2200 });
    assert.is(story.facts.summary, "new");
  });

  test("the reason of a failed turn is known also where the witness was faster", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("witness_idle", {}, { at: 2000 });
    story.see("turn_failed", { reason: "overloaded" }, { at: 1990 });
    assert.match(story.reason(), "overloaded");
    story.see("prompt", {}, { at: 3000 });
    story.see("turn_end", {}, { at: 4000 });
    story.see("turn_failed", { reason: "late" }, { at: 2500 });
    assert.not.match(story.reason(), "late");
  });

  test("the reason of a failed turn stays until the next prompt", () => {
    const story = tell();
    story.see("prompt");
    story.see("turn_failed", { message: "API Error: 400" });
    story.see("turn_end");
    assert.is(story.reason(), "its last turn failed: API Error: 400");
    story.see("prompt");
    story.see("turn_end");
    assert.is(story.reason(), "its turn is over");
  });
});

suite("R6: waiting_input", ({ test }) => {
  test("an error whose end the agent tells apart: the turn runs until then, and says why it failed", () => {
    const story = tell();
    story.see("prompt");
    story.see("turn_problem", { message: "mock error 400" });
    assert.is(story.status(), "working");
    story.see("turn_end");
    assert.equal([story.status(), story.reason()], ["idle", "its last turn failed: mock error 400"]);
    story.see("prompt");
    story.see("turn_end");
    assert.is(story.reason(), "its turn is over");
  });

  test("an error the agent got over is no failure", () => {
    const story = tell();
    story.see("prompt");
    story.see("turn_problem", { message: "overloaded" });
    story.see("tool_start", { toolName: "Bash", toolUseId: "t1" });
    story.see("turn_end");
    assert.is(story.reason(), "its turn is over");
  });

  test("word of an error that comes after the turn's end still says why", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("turn_end", {}, { at: 2000 });
    story.see("turn_problem", { message: "boom" }, { at: 1990 });
    assert.equal([story.status(), story.reason()], ["idle", "its last turn failed: boom"]);
  });

  test("begins only at an explicit signal", () => {
    const story = tell();
    story.see("prompt");
    story.see("turn_end");
    story.see("notify_idle");
    assert.is(story.facts.activity.state, "idle");
    story.see("notify_input");
    assert.is(story.facts.activity.state, "waiting_input");
    assert.is(story.status(), "needs_input");
    assert.is(waitingOn(story.facts)?.kind, "prompt");
  });

  test("a notification of an older turn raises nothing", () => {
    const story = tell();
    story.see("prompt", {}, { at: 2000 });
    story.see("notify_input", {}, { at: 1000 });
    story.see("notify_idle", {}, { at: 1000 });
    assert.is(story.status(), "working");
  });

  test("ends at any progress of the root, not at a subagent's, never by time", () => {
    for (const meaning of ["prompt", "prompt_synthetic", "progress", "tool_start", "turn_end"] as const) {
      const story = tell();
      story.see("notify_input");
      story.see("progress", { agentId: "a1" });
      story.see("notify_idle");
      assert.is(story.status(365 * 86_400_000), "needs_input");
      story.see(meaning);
      assert.is.not(story.status(), "needs_input", meaning);
    }
  });
});

suite("R7: subagents, background, conversations", ({ test }) => {
  const child: [string, SignalFields][] = [
    ["agent id", { agentId: "a1", nativeSessionId: "n1" }],
    ["parent", { nativeSessionId: "c1", parentSessionId: "n1" }],
    ["known child", { nativeSessionId: "c2" }],
    ["unknown conversation", { nativeSessionId: "x9" }],
  ];
  for (const [how, who] of child) {
    for (const end of [
      "turn_end",
      "turn_interrupted",
      "turn_failed",
      "conversation_end",
      "prompt",
      "notify_idle",
    ] as const) {
      test(`${end} of another (${how}) leaves the root's turn, ids, title and summary`, () => {
        const story = tell();
        story.see("conversation_start", { nativeSessionId: "n1" });
        story.see("conversation_start", { nativeSessionId: "c2", parentSessionId: "n1" });
        story.see("prompt", { nativeSessionId: "n1", prompt: "mine" });
        story.see(end, { ...who, prompt: "theirs", message: "theirs" });
        assert.is(story.status(), "working");
        assert.equal(story.facts.nativeSessionIds, ["n1"]);
        assert.is(story.facts.title, "mine");
        assert.is(story.facts.summary, "");
      });
    }
  }

  test("the root's end says how many run on; each end is one fewer", () => {
    const story = tell();
    story.see("prompt");
    story.see("subagent_start", { agentId: "a1" });
    story.see("subagent_start", { agentId: "a2" });
    assert.is(story.facts.backgroundTasks, 0);
    story.see("turn_end", { backgroundTasks: 3 });
    assert.is(story.facts.backgroundTasks, 3);
    story.see("subagent_end", { agentId: "a1", backgroundTasks: 3 });
    assert.is(story.facts.backgroundTasks, 2);
    story.see("subagent_end", { agentId: "unknown" });
    assert.is(story.facts.backgroundTasks, 2);
    story.see("subagent_end", { agentId: "a2" });
    story.see("subagent_end", { agentId: "a2" });
    assert.is(story.facts.backgroundTasks, 1);
  });

  test("an agent that does not count has its subagents counted (codex)", () => {
    const story = tell();
    story.see("subagent_start", { agentId: "a1" });
    story.see("turn_end");
    assert.is(story.facts.backgroundTasks, 1);
    story.see("subagent_end", { agentId: "a1" });
    assert.is(story.facts.backgroundTasks, 0);
  });

  test("a synthetic prompt begins the turn and is no title", () => {
    const story = tell();
    story.see("turn_end", { backgroundTasks: 1 });
    story.see("prompt_synthetic", { prompt: "<task-notification>" });
    assert.is(story.status(), "working");
    assert.is(story.facts.title, "");
  });

  test("a prompt queued in mid-turn does not end it", () => {
    const story = tell();
    story.see("prompt", { prompt: "one" });
    assert.is(story.see("prompt", { prompt: "two" }).outcome, "recorded");
    assert.is(story.status(), "working");
    story.see("turn_end");
    assert.is(story.facts.title, "one");
    assert.is(story.status(), "working", "the queued prompt may begin the next turn");
    assert.is(story.status(1000), "idle");
    assert.is(nextStatusChange(story.facts, TRAITS, story.now), story.now + 1000);
  });

  test("a queued prompt that begins a turn of its own is no flicker", () => {
    const story = tell();
    story.see("prompt");
    story.see("prompt");
    story.see("turn_end");
    story.see("witness_idle", {}, { at: 3080 });
    assert.is(story.status(), "working");
    story.see("witness_active", {}, { at: 3140 });
    assert.is(story.status(10_000), "working");
    story.see("turn_end");
    assert.is(story.status(), "idle");
  });

  test("a queued prompt that the model was given with its tools' results begins no turn", () => {
    const story = tell();
    story.see("prompt");
    story.see("tool_start", { toolUseId: "t1" });
    story.see("prompt");
    story.see("tool_end", { toolUseId: "t1" });
    story.see("turn_end");
    assert.is(story.status(), "idle");
  });

  test("the prompt that the witness was faster than is not queued", () => {
    const story = tell({ promptPending: true });
    story.see("witness_active");
    story.see("prompt", { prompt: "one" });
    story.see("turn_end");
    assert.is(story.status(), "idle");
  });

  test("an interrupted turn takes no queued prompt", () => {
    const story = tell();
    story.see("prompt");
    story.see("prompt");
    story.see("turn_interrupted");
    assert.is(story.status(), "idle");
  });

  test("compaction in mid-turn does not end it", () => {
    const story = tell();
    story.see("prompt");
    for (const [meaning, fields] of COMPACTION) {
      story.see(meaning, fields);
      assert.is(story.status(), "working");
    }
  });

  test("compaction asked for between turns: works until it is over, idle after", () => {
    const story = tell();
    story.see("turn_end", { backgroundTasks: 1 });
    story.see("compact_start");
    assert.is(story.status(), "working");
    assert.is(story.facts.activity.since, T0 + 2000);
    for (const [meaning, fields] of COMPACTION.slice(1)) story.see(meaning, fields);
    assert.is(story.status(), "idle");
    assert.is(story.facts.backgroundTasks, 1);
  });

  test("a compaction that was stopped ends with the witness", () => {
    const story = tell();
    story.see("turn_end");
    story.see("compact_start");
    story.see("witness_idle");
    assert.is(story.status(), "idle");
  });

  test("clear, resume and fork mint ids and stay idle", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1", source: "startup" });
    story.see("turn_end");
    for (const [source, id] of [
      ["clear", "n2"],
      ["resume", "n3"],
      ["fork", "n4"],
    ] as const) {
      story.see("conversation_start", { nativeSessionId: id, source });
      assert.is(story.status(), "idle");
    }
    assert.equal(story.facts.nativeSessionIds, ["n1", "n2", "n3", "n4"]);
    story.see("conversation_start", { nativeSessionId: "n1", source: "resume" });
    assert.equal(story.facts.nativeSessionIds, ["n2", "n3", "n4", "n1"]);
  });

  test("a conversation left in mid-turn takes its turn along", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1" });
    story.see("prompt", { nativeSessionId: "n1" });
    story.see("conversation_start", { nativeSessionId: "n2", source: "clear" });
    assert.is(story.status(), "idle");
  });

  test("of an agent that tells of a conversation with its first prompt, the turn that is seen to run goes on", () => {
    const story = tell({ traits: { ...TRAITS, firstSignal: "prompt" } });
    story.see("conversation_start", { nativeSessionId: "n1", source: "startup" });
    story.see("prompt", { nativeSessionId: "n1" });
    story.see("permission_request", { nativeSessionId: "n1", toolName: "Bash" });
    story.see("turn_end", { nativeSessionId: "n1" });
    story.see("witness_active", { nativeSessionId: "n2" });
    story.see("conversation_start", { nativeSessionId: "n2", source: "clear" });
    assert.is(story.status(), "working");
    assert.equal(story.facts.nativeSessionIds, ["n1", "n2"]);
    story.see("turn_end", { nativeSessionId: "n2" });
    assert.is(story.status(), "idle");
  });

  test("a conversation that began in mid-turn of another takes nothing along", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1", source: "startup" });
    story.see("prompt", { nativeSessionId: "n1" });
    story.see("conversation_start", { nativeSessionId: "n2", source: "startup" });
    assert.is(story.status(), "working");
  });

  test("a known child's prompt never makes it the current conversation", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1" });
    story.see("conversation_start", { nativeSessionId: "c1", parentSessionId: "n1" });
    story.see("turn_end", { nativeSessionId: "n1" });
    story.see("prompt", { nativeSessionId: "c1" });
    assert.equal(story.facts.nativeSessionIds, ["n1"]);
    assert.is(story.status(), "idle");
  });

  test("a prompt between turns may name a conversation nobody saw begin (opencode's session list)", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1" });
    story.see("turn_end", { nativeSessionId: "n1" });
    story.see("prompt", { nativeSessionId: "n2" });
    assert.equal(story.facts.nativeSessionIds, ["n1", "n2"]);
    assert.is(story.status(), "working");
  });

  test("a start that overlaps its own first prompt ends nothing (copilot)", () => {
    const story = tell();
    story.see("prompt", { nativeSessionId: "n1" });
    story.see("conversation_start", { nativeSessionId: "n1", source: "resume" });
    assert.is(story.status(), "working");
  });

  test("the end of an old conversation at exit means nothing (codex)", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n1" });
    story.see("turn_end", { nativeSessionId: "n1" });
    story.see("conversation_start", { nativeSessionId: "n2", source: "clear" });
    story.see("prompt", { nativeSessionId: "n2" });
    story.see("conversation_end", { nativeSessionId: "n1" });
    assert.is(story.status(), "working");
    assert.equal(story.facts.nativeSessionIds, ["n1", "n2"]);
  });

  test("an older start told late does not become current", () => {
    const story = tell();
    story.see("conversation_start", { nativeSessionId: "n2" }, { at: 5000 });
    story.see("conversation_start", { nativeSessionId: "n1" }, { at: 1000 });
    assert.equal(story.facts.nativeSessionIds, ["n1", "n2"]);
  });
});

const COMPACTION: [Meaning, SignalFields][] = [
  ["compact_start", {}],
  ["subagent_end", { agentId: "k1", backgroundTasks: 0 }],
  ["conversation_start", { source: "compact", nativeSessionId: "n1" }],
  ["compact_end", {}],
];
