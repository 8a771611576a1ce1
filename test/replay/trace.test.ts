import fc from "fast-check";
import * as assert from "uvu/assert";
import { AoError } from "../../src/core/errors.ts";
import type { MeantRow } from "../../src/core/ports/store.ts";
import { formatTrace, makeTrace } from "../../src/core/replay/make-trace.ts";
import { parseTrace } from "../../src/core/replay/parse-trace.ts";
import { replayTrace } from "../../src/core/replay/replay-trace.ts";
import type { SignalFields } from "../../src/core/signal.ts";
import { suite } from "../support/suite.ts";

const T0 = Date.UTC(2026, 0, 2, 3, 4, 5);
const TRAITS = { hooks: true, firstSignal: "launch" as const, secondWitness: true };

function row(fields: SignalFields, over: Partial<MeantRow> & { event?: string; at?: number } = {}): MeantRow {
  const { event = "UserPromptSubmit", at = 0, ...rest } = over;
  return {
    signal: {
      id: `s${at}`,
      launchId: "l1",
      seq: 1,
      observedTime: T0 + at,
      kind: "hook",
      harness: "demo",
      event,
      fields,
    },
    logId: 1,
    commitTime: T0 + at + 2,
    outcome: "applied",
    rule: "-",
    reason: "a prompt began the turn",
    sessionId: "web-1",
    statusAfter: "working",
    meaning: "prompt",
    ...rest,
  };
}

function record(rows: MeantRow[], withText = false) {
  return makeTrace({
    ao: "1.2.3",
    session: "web-1",
    harness: "demo",
    createTime: T0,
    traits: TRAITS,
    rows,
    home: "/home/ann",
    withText,
    now: T0 + 60_000,
  });
}

const asked = () =>
  row(
    { type: "prompt", prompt: "fix it" },
    { event: "launch_requested", meaning: "launch_requested", statusAfter: "starting", outcome: "recorded" },
  );

suite("recordings", ({ test }) => {
  test("a secret in prompt, message, tool, ids, reasons or paths is nowhere in the file", () => {
    const canary = "CANARY-7f3a";
    const secret = fc.constantFrom(
      `the key is ${canary}`,
      `/home/ann/${canary}/x`,
      `${canary}\n`,
      `«${canary}»`,
    );
    const field = fc.record(
      {
        prompt: secret,
        message: secret,
        cwd: secret,
        transcriptPath: secret,
        toolName: secret,
        reason: secret,
        source: secret,
        type: secret,
        requestId: secret,
        nativeSessionId: secret,
        agentId: secret,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(field, secret, (fields, event) => {
        const said = `the agent asks for permission to use ${fields.toolName ?? "Bash"}; no row for "${event}"`;
        const text = formatTrace(record([asked(), row(fields, { at: 5, event, reason: said })]));
        assert.not.match(text, canary);
        assert.not.match(text, "/home/ann");
      }),
    );
  });

  test("equal texts stay equal, different ones different, and lengths are told", () => {
    const { signals } = record([row({ prompt: "abc" }), row({ prompt: "abc" }), row({ prompt: "abd" })]);
    const [one, two, three] = signals.map(({ payload }) => payload.prompt);
    assert.match(one ?? "", /^<3 characters, [0-9a-f]{8}>$/);
    assert.is(one, two);
    assert.is.not(one, three);
  });

  test("what an agent says in plain words stays, for it is what the rules look at", () => {
    const fields = {
      toolName: "mcp__db__query",
      type: "permission prompt",
      reason: "API.error",
      toolUseId: "toolu_1",
    };
    assert.equal(record([row(fields)]).signals[0]?.payload, fields);
  });

  test("with text, prompts and paths stay, and the home directory does not", () => {
    const { header, signals } = record([row({ prompt: "look into /home/ann/x", cwd: "/home/ann/x" })], true);
    assert.equal(signals[0]?.payload, { prompt: "look into ~/x", cwd: "~/x" });
    assert.is(header.redacted, false);
  });

  test("what the log had lost is said", () => {
    assert.equal(record([asked()]).header.compacted, []);
    assert.equal(record([row({}, { at: 7000 })]).header.compacted, [
      "everything before 2026-01-02T03:04:12.002Z",
    ]);
    assert.match(record([]).header.compacted[0] ?? "", "every signal");
  });

  test("a recording reads back as it was written", () => {
    const trace = record([asked(), row({ prompt: "x", pid: 4, backgroundTasks: 0 }, { at: 5 })]);
    const read = parseTrace(formatTrace(trace), "f");
    assert.equal(read.signals, trace.signals);
    assert.equal(read.header, { ...trace.header, traits: { ...TRAITS, silentAnswers: false } });
  });

  test("a replay says where this ao decides otherwise than the one that recorded", () => {
    const steps = replayTrace(record([asked(), row({ prompt: "x" }, { at: 5, statusAfter: "idle" })]));
    assert.equal(
      steps.filter(({ cause }) => cause).map(({ status, cause }) => [status, cause?.differs]),
      [
        ["starting", false],
        ["working", true],
      ],
    );
  });

  test("time alone changes the status of a replay, until the moment of recording", () => {
    const trace = record([asked(), row({ prompt: "x" }, { at: 5 })]);
    const later = { ...trace, header: { ...trace.header, recorded_ms: T0 + 200_000 } };
    const byTime = (of: typeof trace) => replayTrace(of).filter(({ cause }) => !cause);
    assert.equal(byTime(trace).length, 0);
    assert.equal(
      byTime(later).map(({ status, at }) => [status, at - T0]),
      [["unverified", 120_005]],
    );
  });

  for (const [what, text, problem] of [
    ["an empty file", "", "it is empty"],
    ["text", "hello", "it is not JSON"],
    ["another document", '{"event":"Stop","ts_ns":1}', 'does not begin with a "_trace" line'],
    ["a newer format", header({ format: 2 }), "format 2; this ao reads up to 1"],
    ["a raw hook", `${header()}\n{"event":"Stop","ts_ns":1,"payload":{}}`, "npm run score"],
    ["a signal without a launch", `${header()}\n{"event":"Stop","ts_ns":1,"signal":{}}`, '"id" and "launch"'],
    ["an unknown meaning", `${header()}\n${signal({ meaning: "sings" })}`, 'the meaning "sings"'],
    ["an unknown kind", `${header()}\n${signal({ kind: 3 })}`, "the kind 3"],
  ] as const) {
    test(`${what} is refused with its line`, () => {
      const error = thrownBy(() => parseTrace(text, "x.trace"));
      assert.is(error.reason, "TRACE_INVALID");
      assert.match(error.message, problem);
      assert.match(error.message, /^line [12] of "x\.trace"/);
    });
  }

  test("whatever is in a file, reading and replaying it ends in a replay or in that error", () => {
    const lines = fc.array(fc.oneof(fc.json(), fc.constant(signal({})), fc.constant("{")), { maxLength: 5 });
    fc.assert(
      fc.property(lines, (rest) => {
        try {
          replayTrace(parseTrace([header(), ...rest].join("\n"), "f"));
        } catch (error) {
          if (!(error instanceof AoError)) throw error;
        }
      }),
    );
  });
});

function header(over: object = {}): string {
  const payload = {
    format: 1,
    ao: "0",
    session: "s",
    harness: "h",
    traits: TRAITS,
    recorded_ms: T0,
    ...over,
  };
  return JSON.stringify({ event: "_trace", ts_ns: 1, payload });
}

function signal(over: object): string {
  const known = {
    id: "s",
    launch: "l",
    kind: "hook",
    event: "Stop",
    meaning: "turn_end",
    commit_ms: T0,
    status: "idle",
  };
  return JSON.stringify({ event: "Stop", ts_ns: T0 * 1e6, payload: {}, signal: { ...known, ...over } });
}

function thrownBy(act: () => unknown): AoError {
  try {
    act();
  } catch (error) {
    if (error instanceof AoError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
