import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { replayTrace } from "../../src/core/replay/replay-trace.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { loadTraces } from "../support/trace-file.ts";
import { recordedTrace } from "./recorded-trace.ts";
import { scoreAll } from "./score-all.ts";

/** Epoch ms. */
const T0 = 1_790_000_000_000;
const HEADER = {
  format: 1,
  ao: "0.1.0",
  session: "conformance-1",
  harness: "my-agent",
  traits: { hooks: true, firstSignal: "launch", secondWitness: false },
  recorded_ms: T0 + 60_000,
  redacted: true,
  compacted: [],
};

/** A signal `at` ms after the beginning, as `ao record` writes it. */
function signal(at: number, launch: string, meaning: string, payload: object = {}): string {
  const kinds: Readonly<Record<string, string>> = {
    launch_requested: "request",
    process_started: "process",
    process_exited: "process",
  };
  const kind = kinds[meaning] ?? "hook";
  const event =
    { launch_requested: "_launch", process_started: "_start", process_exited: "_exit" }[meaning] ?? meaning;
  return JSON.stringify({
    event,
    ts_ns: (T0 + at) * 1e6,
    payload,
    signal: {
      id: `s${at}`,
      launch,
      seq: at,
      kind,
      event: meaning,
      meaning,
      commit_ms: T0 + at,
      outcome: "applied",
      rule: "-",
      reason: "",
      status: "idle",
    },
  });
}

/** Two launches: the second one is the same session gone on. */
const LINES = [
  JSON.stringify({ event: "_trace", ts_ns: T0 * 1e6, payload: HEADER }),
  signal(0, "a", "launch_requested"),
  signal(100, "a", "process_started", { pid: 1 }),
  signal(200, "a", "conversation_start", { nativeSessionId: "n" }),
  signal(2000, "a", "prompt", { nativeSessionId: "n" }),
  signal(4000, "a", "turn_end", { nativeSessionId: "n" }),
  signal(6000, "a", "process_exited", { exitCode: 0 }),
  signal(8000, "b", "launch_requested", { prompt_pending: true }),
  signal(8100, "b", "process_started", { pid: 2 }),
  signal(8200, "b", "prompt", { nativeSessionId: "n" }),
  signal(12_000, "b", "turn_end", { nativeSessionId: "n" }),
];

const truth = (last: string) => ({
  agent: "my-agent",
  t0_ns: T0 * 1e6,
  exit: null,
  intervals: [
    { from_ms: 0, to_ms: 500, state: "idle", sure: false },
    { from_ms: 500, to_ms: 2000, state: "idle", sure: true },
    { from_ms: 2000, to_ms: 4000, state: "active", sure: true },
    { from_ms: 4000, to_ms: 6000, state: "idle", sure: true },
    { from_ms: 6000, to_ms: 8000, state: "exited", sure: true },
    { from_ms: 8000, to_ms: 8500, state: "active", sure: false },
    { from_ms: 8500, to_ms: 12_000, state: "active", sure: true },
    { from_ms: 12_000, to_ms: 20_000, state: last, sure: true },
  ],
});

suite("the score of a recording of one's own agent", ({ test }) => {
  const scored = async (last: string) => {
    using dir = tempDir();
    const folder = join(dir.path, "traces");
    mkdirSync(folder);
    writeFileSync(join(folder, "my-agent.jsonl"), `${LINES.join("\n")}\n`);
    writeFileSync(join(folder, "my-agent.truth.json"), JSON.stringify(truth(last)));
    return scoreAll(loadTraces(undefined, folder));
  };

  test("needs no harness of ao's, and follows the session from launch to launch", async () => {
    const { agents, withoutHarness, unknownEvents } = await scored("idle");
    assert.equal(withoutHarness, []);
    assert.equal(unknownEvents, []);
    const { ao, "hooks only": hooks } = agents[0]?.ways ?? {};
    assert.equal([ao?.stretches, ao?.right, ao?.exits, ao?.exitsRight], [5, 5, 1, 1]);
    assert.equal([hooks?.right, hooks?.exitsRight], [5, 0]);
  });

  test("a real session's approval and denial at the terminal come back as its daemon showed them, and as they were", async () => {
    const traces = loadTraces("codex").filter(({ name }) => name.endsWith("recorded-permission"));
    const steps = traces.flatMap((trace) => {
      const recorded = recordedTrace(trace);
      return recorded ? replayTrace(recorded) : [];
    });
    assert.ok(steps.some(({ cause }) => cause?.line.event === "_probe"));
    assert.ok(steps.every(({ cause }) => !cause?.differs));
    const statuses = steps.map(({ status }) => status);
    assert.equal(
      statuses.filter((status, index) => statuses[index - 1] !== status),
      // The approval is told by the screen alone; the denial by a hook.
      ["starting", "working", "needs_input", "working", "idle", "working", "needs_input", "idle", "exited"],
    );
    const { ao, "hooks only": hooks } = (await scoreAll(traces)).all.ways;
    assert.equal([ao.stretches, ao.right, ao.falseNeeds, ao.exitsRight], [5, 5, 0, 1]);
    assert.is(hooks.right, 4);
  });

  test("a state that is wrong counts as wrong", async () => {
    const { all } = await scored("blocked");
    assert.equal([all.ways.ao.right, all.ways.ao.needs, all.ways.ao.needsRight], [4, 1, 0]);
  });
});
