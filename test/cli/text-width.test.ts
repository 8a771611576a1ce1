import fc from "fast-check";
import * as assert from "uvu/assert";
import { displayWidth, oneLine, pad, truncate } from "../../src/cli/render/text-width.ts";
import { suite } from "../support/suite.ts";

suite("text width", ({ test }) => {
  test("counts columns, not code units", () => {
    assert.is(displayWidth("plain"), 5);
    assert.is(displayWidth("日本"), 4);
    assert.is(displayWidth("한국"), 4);
    assert.is(displayWidth("🚀 go"), 5);
    assert.is(displayWidth("👩‍👩‍👧"), 2);
    assert.is(displayWidth("🇩🇪"), 2);
    assert.is(displayWidth("❤️"), 2);
    assert.is(displayWidth("e\u0301"), 1);
    assert.is(displayWidth("a\u200b"), 1);
    assert.is(displayWidth("…◆●✓"), 4);
  });

  test("counts a glyph the same alone and among wide ones", () => {
    for (const glyph of "aéÿßłʼ‐–—’•…─│┼▸◆●○✓✗·") {
      assert.is(displayWidth(glyph), 1, glyph);
      assert.is(displayWidth(`日${glyph}本`), 5, glyph);
    }
    assert.is(displayWidth("soft\u00adhyphen"), 10);
    assert.is(displayWidth("é\u0301 ◾ ⭐"), 7);
    assert.is(displayWidth("line\u2028\u200bend"), 8);
  });

  test("cuts between graphemes and says that it cut", () => {
    assert.is(truncate("abcdef", 6), "abcdef");
    assert.is(truncate("abcdef", 4), "abc…");
    assert.is(truncate("日本語", 5), "日本…");
    assert.is(truncate("日本語", 4), "日…");
    assert.is(truncate("👩‍👩‍👧 family", 4), "👩‍👩‍👧…");
    assert.is(truncate("abc", 0), "");
    assert.is(truncate("ab cd", 4), "ab…");
  });

  test("a cut text never takes more columns than it may", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.integer({ min: 0, max: 30 }),
        (text, width) => {
          const line = oneLine(text);
          assert.ok(displayWidth(truncate(line, width)) <= width);
          assert.ok(displayWidth(pad(truncate(line, width), width)) === width);
        },
      ),
    );
  });

  test("an agent's words cannot move the cursor, colour the screen or turn a line around", () => {
    assert.is(oneLine("a\u001b[31mred\u001b[0m\u001b[2Jb"), "aredb");
    assert.is(oneLine("title\u001b]0;owned\u0007 end"), "title end");
    assert.is(oneLine("one\r\ntwo\tthree\u0000\u009b"), "one two three");
    assert.is(oneLine("safe\u202eevil\u2066x"), "safe evil x");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        assert.not.match(oneLine(text), /\p{Cc}/u);
      }),
    );
  });
});
