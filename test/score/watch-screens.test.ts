import fc from "fast-check";
import * as assert from "uvu/assert";
import type { Meaning } from "../../src/core/signal.ts";
import { suite } from "../support/suite.ts";
import type { TraceCase } from "../support/trace-file.ts";
import { createScreenLog } from "./record/terminal.ts";
import { createReplayClock } from "./replay-clock.ts";
import { type Screen, screenLines, screensOf } from "./screen-lines.ts";
import type { Told } from "./tell-trace.ts";
import { watchScreens } from "./watch-screens.ts";

/** Epoch ms. */
const T0 = 1_790_000_000_000;

/** A recording of codex with these screens; times are ms since its start. */
function recording(screens: readonly [at: number, text: string][], endMs = 30_000): TraceCase {
  return {
    name: "t",
    agent: "codex",
    build: "codex 1.0.0",
    headless: false,
    lines: screenLines(screens.map(([at, text]) => ({ ts_ns: (T0 + at) * 1e6, text }))),
    startNs: T0 * 1e6,
    intervals: [{ from_ms: 0, to_ms: endMs, state: "idle", sure: true }],
  };
}

function signal(at: number, meaning: Meaning, fields: object = {}): Told {
  const kind = meaning.startsWith("process") ? "process" : "hook";
  const event = meaning;
  const now = T0 + at;
  return {
    signal: {
      id: `s${at}`,
      launchId: "l1",
      seq: at,
      observedTime: now,
      kind,
      harness: "codex",
      event,
      fields,
    },
    meaning,
    now,
  };
}

const COMPOSER = "› Ask Codex to do anything\n\n  mock-model · /bench\n";
const DIALOG = "  Would you like to run it?\n› 1. Yes (y)\n\n  Press enter to confirm or esc to cancel\n";
const WORKING = "• Working (2s • esc to interrupt)\n\n› \n\n  mock-model · /bench\n";

const seen = async (trace: TraceCase, told: readonly Told[]) =>
  (await watchScreens(trace, told))
    .filter(({ signal: { kind } }) => kind === "probe")
    .map(({ meaning, now, signal: { fields } }) => [meaning, now - T0, fields.requestId]);

suite("recordings with screens", ({ test }) => {
  test("an approval that only the screen tells of is told by ao's own watch, once the dialog is gone", async () => {
    const trace = recording([
      [2000, WORKING],
      [3000, DIALOG],
      [6000, WORKING],
    ]);
    const asked = [
      signal(0, "process_started", { pid: 7 }),
      signal(1000, "prompt", { nativeSessionId: "n" }),
      signal(2900, "permission_request", { requestId: "r1", toolName: "Bash" }),
    ];
    // The screen is looked at again before its word counts: 200 ms.
    assert.equal(await seen(trace, asked), [["request_answered", 6200, "r1"]]);
  });

  test("a dialog that stands until the end was not answered", async () => {
    const trace = recording([[3000, DIALOG]]);
    const asked = [
      signal(0, "process_started", { pid: 7 }),
      signal(2900, "permission_request", { requestId: "r1" }),
    ];
    assert.equal(await seen(trace, asked), []);
  });

  test("the composer of an agent that has said nothing shows that it is ready", async () => {
    const trace = recording([
      [1200, ""],
      [2300, COMPOSER],
    ]);
    const [first, ...others] = await seen(trace, [signal(0, "process_started", { pid: 7 })]);
    assert.is(first?.[0], "screen_ready");
    assert.ok(Number(first?.[1]) >= 2300, `told at ${first?.[1]}`);
    assert.equal(others, []);
  });

  test("without screens, signals are as they were", async () => {
    const told = [signal(0, "process_started", { pid: 7 }), signal(1000, "prompt")];
    assert.is(await watchScreens(recording([]), told), told);
  });

  test("screens read back as they were written, whatever stands in them", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "›", "\ud83c\udf11", "\ud83c\udf12", "é") });
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const screens: Screen[] = texts.map((one, index) => ({ ts_ns: index, text: one }));
        const written = screenLines(screens).map((line) => JSON.stringify(line));
        assert.equal(screensOf(written.map((line) => JSON.parse(line))), screens);
      }),
    );
  });

  test("a spinner that turns is no new screen, and time never runs back", () => {
    const log = createScreenLog();
    log.saw({ ts_ns: 20, text: "⠋ Thinking (1s)" });
    log.saw({ ts_ns: 30, text: "⠙ Thinking (12s)" });
    log.saw({ ts_ns: 15, text: "⠙ Thinking (12s)\n>" });
    assert.equal(log.screens(), [
      { ts_ns: 20, text: "⠋ Thinking (1s)" },
      { ts_ns: 20, text: "⠙ Thinking (12s)\n>" },
    ]);
  });

  test("a replay's timers fire each at its own time, and what they set off is over before the next", async () => {
    const clock = createReplayClock(T0);
    const fired: number[] = [];
    const note = () => void fired.push(clock.now() - T0);
    clock.after(300, note);
    clock.after(100, async () => {
      note();
      await Promise.resolve();
      clock.after(50, note);
    });
    const cancel = clock.after(200, note);
    cancel();
    await clock.passTo(T0 + 1000);
    assert.equal([...fired, clock.monotonic()], [100, 150, 300, 1000]);
  });
});
