import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { limitEnd } from "../../src/core/text/limit-end.ts";
import { suite } from "../support/suite.ts";

const AT = Date.UTC(2026, 10, 22, 21, 40);

suite("end of a usage limit", ({ test }) => {
  for (const [words, end] of [
    ["You've hit your session limit · resets 3am (UTC)", "2026-11-23T03:00Z"],
    ["You've hit your 5-hour limit · resets 9:40pm (UTC)", "2026-11-22T21:41Z"],
    ["You've hit your session limit · resets 11:30pm (UTC)", "2026-11-22T23:30Z"],
    ["You've hit your session limit · resets 12am (Europe/Berlin)", "2026-11-22T23:00Z"],
    ["You've hit your weekly limit · resets Nov 25, 3:30pm (America/New_York)", "2026-11-25T20:30Z"],
    ["You've hit your weekly limit · resets Nov 28 at 3pm (Asia/Kolkata)", "2026-11-28T09:30Z"],
    ["Your limit resets Dec 1, 2026, 9am (UTC)", "2026-12-01T09:00Z"],
    ["You've hit your usage limit. Upgrade, or try again in 2 days 3 hours 5 minutes.", "2026-11-25T00:45Z"],
    ["resets in 45 min", "2026-11-22T22:25Z"],
    ["Claude AI usage limit reached|1795400000", "2026-11-23T02:13:20Z"],
  ] as const) {
    test(words, () => assert.is(new Date(limitEnd(words, AT) ?? 0).getTime(), Date.parse(end)));
  }

  test("a clock time without a zone is one of this host", () => {
    const end = new Date(limitEnd("try again at Nov 25th, 2026 3:05 PM.", AT) ?? 0);
    assert.equal([end.getDate(), end.getHours(), end.getMinutes()], [25, 15, 5]);
    const next = new Date(limitEnd("resets 3am", AT) ?? 0);
    assert.equal([next.getHours(), next.getMinutes()], [3, 0]);
    assert.ok(next.getTime() > AT && next.getTime() <= AT + 86_400_000);
  });

  test("what says no time, a past one or one of another year tells nothing", () => {
    for (const words of [
      "rate limited",
      "resets soon",
      "resets 3am (Nowhere/Atall)",
      "resets Nov 25, 2031, 3pm (UTC)",
      "limit reached|1000000000",
      "resets in 9999 days",
      "resets 9:39pm (UTC)",
      "resets 10:39pm (Europe/Berlin)",
    ])
      assert.is(limitEnd(words, AT), undefined, words);
  });

  test("a time that passed on the day before midnight is not tonight's", () => {
    const justPast = Date.UTC(2026, 10, 23, 0, 5);
    assert.is(limitEnd("resets 11:58pm (UTC)", justPast), undefined);
    assert.is(limitEnd("resets 11:58pm (UTC)", justPast + 3_600_000), Date.UTC(2026, 10, 23, 23, 58));
  });

  test("no words break it", async () => {
    const word = fc.oneof(
      fc.constantFrom("resets", "again", "in", "at", "Nov 25,", "(UTC)", "pm"),
      fc.string(),
    );
    await fc.assert(
      fc.property(fc.array(word), (words) => {
        const end = limitEnd(words.join(" "), AT);
        assert.ok(end === undefined || end > AT);
      }),
    );
  });
});
