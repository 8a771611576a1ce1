import fc from "fast-check";
import * as assert from "uvu/assert";
import { createPalette, wantsColor } from "../../src/cli/render/palette.ts";
import { type Column, renderTable } from "../../src/cli/render/table.ts";
import { displayWidth } from "../../src/cli/render/text-width.ts";
import { suite } from "../support/suite.ts";

const palette = createPalette(false);
const columns: Column[] = [
  { title: "ID" },
  { title: "AGENT", drop: 2 },
  { title: "FOR", align: "right" },
  { title: "WHAT", min: 6 },
  { title: "BRANCH", min: 5, drop: 3 },
];
const rows = [
  [
    { text: "web-1" },
    { text: "demo" },
    { text: "5s" },
    { text: "fix the search page" },
    { text: "ao/web-1" },
  ],
  [{ text: "web-10" }, { text: "codex" }, { text: "12m" }, { text: "日本語の仕事" }, { text: "ao/web-10" }],
];

suite("table", ({ test }) => {
  test("aligns columns by what is seen", () => {
    assert.equal(renderTable({ columns, rows, width: 80, palette }), [
      "ID      AGENT  FOR  WHAT                 BRANCH",
      "web-1   demo    5s  fix the search page  ao/web-1",
      "web-10  codex  12m  日本語の仕事         ao/web-10",
    ]);
  });

  test("without a limit nothing is cut", () => {
    const long = [[{ text: "x" }, { text: "y" }, { text: "z" }, { text: "w".repeat(500) }, { text: "b" }]];
    const [, line = ""] = renderTable({ columns, rows: long, width: Number.POSITIVE_INFINITY, palette });
    assert.match(line, /w{500}/);
  });

  test("too narrow: the widest gives way, then columns go", () => {
    assert.equal(renderTable({ columns, rows, width: 40, palette }), [
      "ID      AGENT  FOR  WHAT       BRANCH",
      "web-1   demo    5s  fix the…   ao/web-1",
      "web-10  codex  12m  日本語の…  ao/web-10",
    ]);
    assert.equal(renderTable({ columns, rows, width: 28, palette }), [
      "ID      AGENT  FOR  WHAT",
      "web-1   demo    5s  fix the…",
      "web-10  codex  12m  日本語…",
    ]);
    assert.equal(renderTable({ columns, rows, width: 20, palette }), [
      "ID      FOR  WHAT",
      "web-1    5s  fix th…",
      "web-10  12m  日本語…",
    ]);
  });

  test("no line is wider than the terminal, as long as the narrowest fits", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    const cells = fc.tuple(text, text, text).map((texts) => texts.map((value) => ({ text: value })));
    const shrinking: Column[] = [
      { title: "A", min: 2 },
      { title: "B", min: 2, drop: 1 },
      { title: "C", min: 2 },
    ];
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 5 }), fc.integer({ min: 10, max: 60 }), (table, width) => {
        for (const line of renderTable({ columns: shrinking, rows: table, width, palette }))
          assert.ok(displayWidth(line) <= width, `"${line}" is wider than ${width}`);
      }),
    );
  });

  test("colour goes around the padded text and does not count", () => {
    const colored = renderTable({
      columns: [{ title: "A" }, { title: "B" }],
      rows: [[{ text: "x", style: "red" }, { text: "y" }]],
      width: 20,
      palette: createPalette(true),
    });
    assert.is(colored[1], "\x1b[31mx\x1b[39m  y");
  });

  test("colour only where it is wanted", () => {
    const tty = { isTTY: true };
    assert.is(wantsColor({}, tty), true);
    assert.is(wantsColor({}, { isTTY: false }), false);
    assert.is(wantsColor({ NO_COLOR: "1" }, tty), false);
    assert.is(wantsColor({ TERM: "dumb" }, tty), false);
    assert.is(wantsColor({ FORCE_COLOR: "1" }, {}), true);
    assert.is(wantsColor({ FORCE_COLOR: "0" }, tty), false);
  });
});
