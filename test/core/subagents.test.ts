import * as assert from "uvu/assert";
import type { Meaning, SignalFields } from "../../src/core/signal.ts";
import { suite } from "../support/suite.ts";
import { type Story, tell } from "./story.ts";

/** What was told of a turn, each with its time in ms. */
type Word = [meaning: Meaning, at: number, fields?: SignalFields];

const A1 = { agentId: "a1" };
const A2 = { agentId: "a2" };

/** Tells the words in every order there is, of which few words have few, behind a prompt. */
function inEveryOrder(words: readonly Word[], check: (story: Story) => void): void {
  for (const order of permutations(words)) {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    for (const [meaning, at, fields] of order) story.see(meaning, fields, { at, kind: kindOf(meaning) });
    try {
      check(story);
    } catch (cause) {
      throw new Error(order.map(([meaning, at]) => `${meaning} ${at}`).join(", "), { cause });
    }
  }
}

function kindOf(meaning: Meaning) {
  return meaning.startsWith("witness") ? "witness" : "hook";
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length <= 1) return [[...all]];
  return all.flatMap((one, index) => permutations(all.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

suite("background tasks of an agent that counts them", ({ test }) => {
  const working = ({ facts, status }: Story, tasks: number) => {
    assert.is(facts.backgroundTasks, tasks);
    assert.is(status(), "working");
  };

  test("what was counted at a turn's end runs on beside the next turn, whatever the order of delivery", () => {
    const words: Word[] = [
      ["turn_end", 2000, { backgroundTasks: 2 }],
      ["witness_idle", 2030],
      ["prompt_synthetic", 2100],
    ];
    inEveryOrder(words, (story) => working(story, 2));
  });

  test("the newest count holds, whatever the order of delivery", () => {
    const words: Word[] = [
      ["turn_end", 2000, { backgroundTasks: 2 }],
      ["prompt_synthetic", 2100],
      ["turn_end", 2200, { backgroundTasks: 1 }],
    ];
    inEveryOrder(words, ({ facts, status }) => {
      assert.is(facts.backgroundTasks, 1);
      assert.is(status(), "idle");
    });
    inEveryOrder([...words, ["prompt", 2300]], (story) => working(story, 1));
  });
});

suite("subagents of an agent that does not count them", ({ test }) => {
  test("one that runs on and one that ended are counted the same whatever the order of delivery", () => {
    const words: Word[] = [
      ["subagent_start", 2000, A1],
      ["subagent_start", 3000, A2],
      ["turn_end", 4000],
      ["witness_idle", 4030],
      ["subagent_end", 5000, A1],
    ];
    inEveryOrder(words, ({ facts, status }) => {
      assert.is(facts.backgroundTasks, 1);
      assert.is(status(), "idle");
    });
  });

  test("one that began after the turn's end counts, and again no more once it ended", () => {
    inEveryOrder(
      [
        ["turn_end", 2000],
        ["subagent_start", 3000, A1],
      ],
      ({ facts }) => assert.is(facts.backgroundTasks, 1),
    );
    inEveryOrder(
      [
        ["turn_end", 2000],
        ["subagent_start", 3000, A1],
        ["subagent_end", 4000, A1],
      ],
      ({ facts }) => assert.is(facts.backgroundTasks, 0),
    );
  });

  test("what began in a new turn is none of its background, also when it is told before the prompt", () => {
    const story = tell();
    story.see("prompt", {}, { at: 1000 });
    story.see("turn_end", {}, { at: 2000 });
    story.see("subagent_start", A1, { at: 4000 });
    story.see("prompt", {}, { at: 3000 });
    assert.is(story.status(), "working");
    assert.is(story.facts.backgroundTasks, 0);
  });

  test("one that is given another task runs again", () => {
    const story = tell();
    story.see("prompt");
    story.see("subagent_start", A1);
    story.see("turn_end");
    story.see("subagent_end", A1);
    story.see("subagent_start", A1);
    assert.is(story.facts.backgroundTasks, 1);
    story.see("subagent_end", A1);
    assert.is(story.facts.backgroundTasks, 0);
  });

  test("the witness's word that one was stopped ends its dialog and its task", () => {
    const story = tell();
    story.see("prompt");
    story.see("subagent_start", A1);
    story.see("turn_end");
    story.see("permission_request", { ...A1, toolName: "Bash" });
    assert.is(story.status(), "needs_input");
    story.see("subagent_end", { ...A1, reason: "interrupted" }, { kind: "witness" });
    assert.is(story.status(), "idle");
    assert.is(story.facts.backgroundTasks, 0);
    assert.is(story.reason(), "its turn is over");
  });
});

suite("subagents of an agent that counts them", ({ test }) => {
  test("its own count holds those that began before it, and others are added to it", () => {
    inEveryOrder(
      [
        ["subagent_start", 2000, A1],
        ["turn_end", 3000, { backgroundTasks: 2 }],
      ],
      ({ facts }) => assert.is(facts.backgroundTasks, 2),
    );
    const story = tell();
    story.see("turn_end", { backgroundTasks: 1 });
    story.see("subagent_start", A2);
    assert.is(story.facts.backgroundTasks, 2);
  });

  test("the count of an earlier end does not come back", () => {
    inEveryOrder(
      [
        ["turn_end", 2000, { backgroundTasks: 1 }],
        ["prompt_synthetic", 3000],
        ["turn_end", 4000, { backgroundTasks: 0 }],
      ],
      ({ facts }) => assert.is(facts.backgroundTasks, 0),
    );
  });

  test("what is remembered of those that ended is bounded", () => {
    const story = tell();
    for (let n = 0; n < 100; n++) story.see("subagent_end", { agentId: `a${n}` });
    assert.is(story.facts.memory?.endedAgents?.length, 32);
  });

  test("one that is a process of its own, with a conversation of its own: none of it is the root's", () => {
    const story = tell();
    const root = { nativeSessionId: "root" };
    const child = { nativeSessionId: "child" };
    story.see("prompt", { ...root, prompt: "go" }, { at: 1000 });
    story.see("turn_end", root, { at: 2000 });
    story.see("subagent_start", { ...child, parentSessionId: "root" }, { at: 3000 });
    assert.is(story.facts.backgroundTasks, 1);
    // Nothing but its start says whose it is.
    story.see("prompt", { ...child, prompt: "do a part of it" }, { at: 3100 });
    assert.is(story.status(), "idle");
    assert.equal(story.facts.nativeSessionIds, ["root"]);
    story.see("permission_request", { ...child, toolName: "Execute" }, { at: 3200 });
    assert.is(story.status(), "needs_input");
    story.see("tool_end", { ...child, toolName: "Execute" }, { at: 4000 });
    story.see("turn_end", child, { at: 5000 });
    assert.is(story.status(), "idle");
    story.see("conversation_end", { ...child, reason: "other" }, { at: 5100 });
    assert.is(story.facts.backgroundTasks, 0);
    assert.equal(story.facts.nativeSessionIds, ["root"]);
  });
});
