import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { parseCopilotEvent } from "../../../src/shim/witness/copilot-events.ts";
import { readCopilotTurnEnd } from "../../../src/shim/witness/copilot-turn-end.ts";
import { parseGeminiChat } from "../../../src/shim/witness/gemini-chat.ts";
import { parseGrokEvent } from "../../../src/shim/witness/grok-events.ts";
import { parseQwenChat } from "../../../src/shim/witness/qwen-chat.ts";
import { createTurnStory } from "../../../src/shim/witness/turn-story.ts";
import { createVibeParser } from "../../../src/shim/witness/vibe-journal.ts";
import { suite } from "../../support/suite.ts";
import {
  copilotLines,
  geminiLines,
  grokLines,
  openSessions,
  qwenLines,
  vibeLines,
} from "./transcript-lines.ts";
import { LAUNCH_TIME } from "./watched-launch.ts";

const PARSERS = [parseGeminiChat, parseQwenChat, parseCopilotEvent, parseGrokEvent, createVibeParser()];
const TRANSCRIPT = "/h/session-state/s1/events.jsonl";

/** Lines that have their time and id on top. */
const PLAIN_LINES = [
  ...[
    geminiLines.prompt(1),
    geminiLines.cancelled(2),
    geminiLines.called(3, "cancelled", 9),
    geminiLines.updated(4),
    geminiLines.retoldFirst(5),
    geminiLines.retoldModel(6),
  ],
  ...[
    qwenLines.prompt(1),
    qwenLines.calls(2),
    qwenLines.says(3),
    qwenLines.answers(4),
    qwenLines.result(4, "cancelled"),
  ],
  ...[
    copilotLines.prompt(1),
    copilotLines.asked(2, "r"),
    copilotLines.answered(3, "r"),
    copilotLines.abort(4),
  ],
  ...[copilotLines.error(5), copilotLines.says(6, "done")],
  ...[grokLines.started(1), grokLines.phase(2), grokLines.ended(3, "cancelled"), grokLines.ended(4, "error")],
].map((line) => line.trimEnd());
const NESTED_LINES = [
  vibeLines.turn(1, "in_progress"),
  vibeLines.asked(2, "a"),
  vibeLines.turn(1, "failed", 3),
];
const ALL_LINES = [...PLAIN_LINES, ...NESTED_LINES.map((line) => line.trimEnd())];

const kindsOf = (parse: (typeof PARSERS)[number], lines: readonly string[]) =>
  lines.map((line) => parse(line.trimEnd())?.kind);

suite("transcripts of agents", ({ test }) => {
  test("gemini: a prompt and a cancellation count, its own words, tools and models do not", () => {
    const { prompt, toolResult, model, cancelled, updated, head } = geminiLines;
    const lines = [
      head,
      prompt(1),
      model(2),
      toolResult(3),
      cancelled(4),
      updated(5),
      prompt(6, "<session_context>\nx"),
    ];
    assert.equal(kindsOf(parseGeminiChat, lines), [
      undefined,
      "active",
      undefined,
      undefined,
      "interrupted",
      undefined,
      undefined,
    ]);
    assert.is(parseGeminiChat(cancelled(4).trimEnd())?.at, LAUNCH_TIME + 4);
    const { called } = geminiLines;
    assert.is(parseGeminiChat(called(2, "success", 9).trimEnd()), undefined);
    const stopped = parseGeminiChat(called(2, "cancelled", 9).trimEnd());
    assert.equal(stopped, { kind: "interrupted", at: LAUNCH_TIME + 9, key: "m2" });
  });

  test("gemini: with the result of one tool the turn goes on, though another was denied", () => {
    const with1 = (name: string, status: string) =>
      parseGeminiChat(geminiLines.called(2, "cancelled", 9, { name, status }).trimEnd())?.kind;
    assert.is(with1("read_file", "success"), undefined);
    assert.is(with1("read_file", "error"), undefined);
    assert.is(with1("read_file", "cancelled"), "interrupted");
    assert.is(with1("update_topic", "success"), "interrupted");
  });

  test("gemini: a history that is written anew after a denial begins no turn, the next prompt does", () => {
    const { prompt, cancelled, retoldFirst, retoldModel } = geminiLines;
    const told: string[] = [];
    const story = createTurnStory({
      since: LAUNCH_TIME,
      tell: ({ kind, at }) => told.push(`${kind} ${at - LAUNCH_TIME}`),
    });
    const lines = [
      ...[prompt(1), cancelled(2), retoldFirst(4), retoldModel(4), prompt(4), retoldModel(4)],
      ...[prompt(12), retoldModel(12), prompt(2000)],
    ];
    for (const line of lines) {
      const event = parseGeminiChat(line.trimEnd());
      if (event) story.take(event);
    }
    assert.equal(told, ["active 1", "interrupted 2", "active 2000"]);
    assert.is(story.isRunning(), true);
  });

  test("qwen: after a whole answer a queued prompt may follow, which is told of too late: nothing is said of its end", () => {
    const { prompt, answers, says } = qwenLines;
    const told: string[] = [];
    const story = createTurnStory({
      since: LAUNCH_TIME,
      tell: ({ kind, at }) => told.push(`${kind} ${at - LAUNCH_TIME}`),
    });
    for (const line of [
      prompt(1),
      answers(5000),
      prompt(9000),
      answers(9010),
      prompt(20_000),
      says(21_000),
    ]) {
      const event = parseQwenChat(line.trimEnd());
      if (event) story.take(event);
    }
    assert.equal(told, ["active 1", "active 9000", "active 20000", "idle 21000"]);
  });

  test("qwen: a stopped answer without a call ends the turn, a cancelled tool interrupts it", () => {
    const { prompt, calls, says, result, apiError } = qwenLines;
    const lines = [
      ...[prompt(1), prompt(2, "system"), calls(3), result(4, "success"), result(5, "error")],
      ...[result(6, "cancelled"), says(7), apiError(8)],
    ];
    assert.equal(kindsOf(parseQwenChat, lines), [
      ...["active", undefined, "active", undefined, undefined],
      ...["interrupted", "idle", undefined],
    ]);
  });

  test("qwen: a subagent's lines are no evidence of the root's turn", () => {
    const line = JSON.parse(qwenLines.says(1));
    assert.is(parseQwenChat(JSON.stringify({ ...line, agentId: "a" })), undefined);
    assert.is(parseQwenChat(JSON.stringify({ ...line, isSidechain: true })), undefined);
  });

  test("copilot: dialogs, answers, aborts and errors, and of a subagent its dialogs alone", () => {
    const { prompt, turnStart, turnEnd, asked, answered, abort, error } = copilotLines;
    const lines = [
      ...[prompt(1), turnStart(2), turnStart(3, "child"), asked(4, "r"), asked(5, "s", "child")],
      ...[answered(6, "r"), answered(7, "s", "cancelled"), turnEnd(8), abort(9), error(10)],
    ];
    assert.equal(kindsOf(parseCopilotEvent, lines), [
      ...["active", "active", undefined, "asked", "asked"],
      ...["approved", "refused", undefined, "interrupted", "failed"],
    ]);
    assert.is(parseCopilotEvent(error(10).trimEnd())?.message, "400 mock error 400");
  });

  test("grok: turns begin and end one way or another; of dialogs that nobody may have been shown nothing is made", () => {
    const { started, phase, asked, ended } = grokLines;
    const lines = [
      ...[started(1), phase(2), asked(3), ended(4, "completed"), ended(5, "cancelled"), ended(6, "error")],
      ...[ended(7, "of a later version"), '{"type":"turn_started"}'],
    ];
    assert.equal(kindsOf(parseGrokEvent, lines), [
      ...["active", undefined, undefined, "idle", "interrupted", "failed"],
      ...[undefined, undefined],
    ]);
  });

  test("vibe: its journal tells turns, dialogs, that they are answered, and why a turn failed", () => {
    const { turn, asked, answered } = vibeLines;
    const parse = createVibeParser();
    const lines = [
      ...[turn(1, "in_progress"), asked(2, "a"), answered("a"), asked(5, "q", "user_input"), answered("q")],
      ...[answered("never asked"), turn(1, "completed", 7), turn(8, "interrupted", 9)],
      ...[turn(10, "failed", 11), turn(12, "completed"), turn(13, "of a later version", 14)],
    ];
    const events = lines.map((line) => parse(line.trimEnd()));
    assert.equal(
      events.map((event) => event && `${event.kind} ${event.at - LAUNCH_TIME}`),
      [
        ...["active 1", "asked 2", "approved 3", "asked 5", "approved 6", undefined],
        ...["idle 7", "interrupted 9", "failed 11", undefined, undefined],
      ],
    );
    assert.equal([events[1]?.dialog, events[3]?.dialog], ["permission", "question"]);
    assert.is(events[8]?.message, "400 mock error");
  });

  test("copilot: its words are what it says to its person, not a call of a tool, not a subagent's", () => {
    const { says } = copilotLines;
    const lines = [says(1, "first"), says(2, ""), says(3, "of a child", "a1"), says(4, "x".repeat(900))];
    const read = lines.map((line) => parseCopilotEvent(line.trimEnd()));
    assert.equal(
      read.map((event) => event?.message),
      ["first", undefined, undefined, "x".repeat(500)],
    );
    assert.equal(
      read.map((event) => event?.kind),
      ["said", undefined, undefined, "said"],
    );
  });

  test("copilot: its list of open sessions says when this one stopped to work, by its own time", () => {
    assert.is(readCopilotTurnEnd(openSessions("s1", false, 7), TRANSCRIPT), LAUNCH_TIME + 7);
    assert.is(readCopilotTurnEnd(openSessions("s1", true, 7), TRANSCRIPT), undefined);
    assert.is(readCopilotTurnEnd(openSessions("s2", false, 7), TRANSCRIPT), undefined);
    for (const text of [
      "",
      "{",
      "[]",
      "null",
      '{"s1":null}',
      '{"s1":{"working":false}}',
      '{"s1":{"working":0}}',
    ])
      assert.is(readCopilotTurnEnd(text, TRANSCRIPT), undefined, text);
  });

  test("lines with wrong, missing and torn members are no evidence, and nothing throws", async () => {
    await fc.assert(
      fc.property(fc.constantFrom(...ALL_LINES), fc.nat(), fc.jsonValue(), (line, at, value) => {
        const members = Object.entries(JSON.parse(line));
        const changed = members.map(([key, old], index) => [
          key,
          index === at % members.length ? value : old,
        ]);
        const missing = members.filter((_, index) => index !== at % members.length);
        const mutated = [changed, missing].map((one) => JSON.stringify(Object.fromEntries(one)));
        for (const text of [...mutated, line.slice(0, at % line.length), JSON.stringify(value)])
          for (const parse of PARSERS) checkEvent(parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("a time or an id that is none is no evidence", () => {
    for (const line of PLAIN_LINES) {
      for (const wrong of [undefined, null, 5, "", "yesterday", {}, []]) {
        const text = JSON.stringify({ ...JSON.parse(line), timestamp: wrong, ts: wrong });
        for (const parse of PARSERS) assert.is(parse(text), undefined, text);
      }
    }
  });
});

/** What is told is whole: a time, and a key of bounded length. */
function checkEvent(event: ReturnType<(typeof PARSERS)[number]>): void {
  if (!event) return;
  assert.ok(Number.isFinite(event.at));
  assert.type(event.key, "string");
  assert.ok(event.key.length > 0 && event.key.length <= 64);
  assert.ok((event.message ?? "").length <= 500);
}
