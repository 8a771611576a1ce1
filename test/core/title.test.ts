import fc from "fast-check";
import * as assert from "uvu/assert";
import { plainLine } from "../../src/core/text/plain-line.ts";
import { MAX_SUMMARY, MAX_TITLE, summaryOf, titleOf } from "../../src/core/text/title.ts";
import { displayWidth } from "../../src/core/text/width.ts";
import { suite } from "../support/suite.ts";
import { tell } from "./story.ts";

/** Prompts and the titles they must give. */
const TITLES: readonly (readonly [what: string, prompt: string, title: string])[] = [
  ["plain words", "Fix the login test", "Fix the login test"],
  ["its first line with words", "\n\n  \n---\nFix it\nand more", "Fix it"],
  ["tabs and blanks", "Fix\tthe   test ", "Fix the test"],
  ["other line breaks", "one\u2028two", "one"],
  [
    "a long paste",
    '\n\n<pasted_content id="7c29">\nread this log\nall of it\n</pasted_content id="7c29">\n',
    "read this log",
  ],
  ["words before a paste", 'why? <pasted_content id="1">x</pasted_content id="1">', "why?"],
  ["a reminder and words", "<system-reminder>be brief</system-reminder>\nFix it", "Fix it"],
  ["a reminder the head cuts off", "<system-reminder>be brief and", ""],
  ["a task notification", "<task-notification>\n<task-id>b1</task-id>\n</task-notification>", ""],
  ["a command's wrapper", "<command-name>/review</command-name>\n<command-args>7</command-args>", ""],
  ["a slash command", "/compact", ""],
  ["a slash command with words", "/plugin:review the diff", ""],
  ["a path", "/etc/hosts is wrong", "/etc/hosts is wrong"],
  ["a tag of the person's own", "<div> is not closed", "<div> is not closed"],
  ["terminal sequences", "\u001b[31mred\u001b[0m \u001b]0;owned\u0007title\u009b2J", "red title"],
  ["a string the terminal would swallow", "a\u001bPq#0\u001b\\b", "ab"],
  ["turned reading direction", "pay \u202eevil\u202c \u2066now\u2069", "pay evil now"],
  ["characters without a place", "pass\u200bword\ufeff\u00ad \u{e0041}x", "password x"],
  ["emoji of several code points", "👩‍👩‍👧 family", "👩‍👩‍👧 family"],
  ["words that need a joiner", "می‌خواهم", "می‌خواهم"],
  ["half a surrogate pair", "ok \ud83d", "ok \ufffd"],
  ["nothing but marks", "--- \n ...", ""],
];

suite("titles and summaries", ({ test }) => {
  for (const [what, prompt, title] of TITLES) {
    test(`${what}: ${JSON.stringify(title)}`, () => assert.is(titleOf(prompt), title));
  }

  test("a title is cut by columns, between characters", () => {
    assert.is(displayWidth(titleOf("日".repeat(100))), MAX_TITLE - 1);
    assert.is(titleOf("x".repeat(80)).length, 80);
    assert.is(titleOf("x".repeat(81)), `${"x".repeat(79)}…`);
  });

  test("marks piled on a letter are cut", () => {
    assert.ok([...plainLine(`a${"\u0301".repeat(200)}b`, 80)].length < 20);
  });

  test("whatever is written, a line is one line, within its width, without what moves the cursor or the reader", () => {
    const pieces = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b[",
        "\u009b31m",
        "\u202e",
        "\u200d",
        "</pasted_content",
        "<system-reminder>",
        "\r\n",
        "e\u0301",
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (all) => {
        for (const [line, width] of [
          [titleOf(all.join("")), MAX_TITLE],
          [summaryOf(all.join("")), MAX_SUMMARY],
        ] as const) {
          assert.ok(displayWidth(line) <= width);
          assert.not.match(line, /[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b\ufeff]|^\s|\s$/u);
          assert.is(line.toWellFormed(), line);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("the first prompt a person wrote gives the title, later ones do not change it", () => {
    const story = tell();
    story.see("prompt", { prompt: "/model opus" });
    story.see("prompt_synthetic", { prompt: "<task-notification>done</task-notification>" });
    assert.is(story.facts.title, "");
    story.see("prompt", { prompt: "Fix the login test\nplease" });
    story.see("prompt", { prompt: "and the other" });
    assert.is(story.facts.title, "Fix the login test");
  });

  test("the last message gives the summary, folded; why a turn failed is harmless text too", () => {
    const story = tell();
    story.see("prompt", { prompt: "x" });
    story.see("turn_end", { message: "Done.\n\n* all \u001b[1mgreen\u001b[0m\n* \u202enothing left" });
    assert.is(story.facts.summary, "Done. * all green * nothing left");
    story.see("prompt", { prompt: "y" });
    story.see("turn_failed", { message: "boom\u001b[2J\nline" });
    assert.is(story.reason(), "its last turn failed: boom line");
  });
});
