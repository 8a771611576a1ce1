import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { loadTraces } from "../support/trace-file.ts";
import { scoreAll } from "./score-all.ts";

const T0 = 1_795_359_000_000;
/** A recorder of somebody else's: no launcher, no labels of ours, plugin events under their bus names. */
type Line = [ms: number, event: string, payload: object, by?: { pid?: number; ppid?: number }];
type Stretch = [toMs: number, state: string];

function record(dir: string, name: string, given: { lines: Line[]; truth: object }): void {
  mkdirSync(dir, { recursive: true });
  const text = given.lines.map(([ms, event, payload, by = { pid: 7, ppid: 6 }]) =>
    JSON.stringify({ event, ts_ns: (T0 + ms) * 1e6, ...by, payload }),
  );
  writeFileSync(join(dir, `${name}.jsonl`), `${text.join("\n")}\n`);
  writeFileSync(join(dir, `${name}.truth.json`), JSON.stringify({ t0_ns: T0 * 1e6, ...given.truth }));
}

function truth(stretches: Stretch[], exitMs?: number): object {
  let from_ms = 0;
  const intervals = stretches.map(([to_ms, state]) => {
    const one = { from_ms, to_ms, state, sure: true };
    from_ms = to_ms;
    return one;
  });
  return { intervals, exit: exitMs === undefined ? null : { at_ms: exitMs, how: "clean" } };
}

const ROOT = "ses_root";
const busy = (type: string) => ({ sessionID: ROOT, status: { type } });

suite("recordings of another recorder", ({ test }) => {
  test("kilo: bus events and plugin hooks, a folder that names the agent", async () => {
    using dir = tempDir();
    record(join(dir.path, "kilo-7.7.9"), "interactive-main", {
      lines: [
        [0, "plugin.init", { directory: "/bench/work/wt" }],
        [1000, "event:session.created", { info: { id: ROOT } }],
        [1010, "hook:chat.message", { input: { sessionID: ROOT }, output: { parts: [] } }],
        [1020, "event:session.status", busy("busy")],
        [1030, "event:session.turn.open", { sessionID: ROOT }],
        [3000, "event:permission.asked", { id: "per_1", sessionID: ROOT, permission: "bash" }],
        [5000, "event:permission.replied", { sessionID: ROOT, requestID: "per_1", reply: "once" }],
        [7000, "event:session.status", busy("idle")],
        [7001, "event:session.idle", { sessionID: ROOT }],
        [7002, "event:session.drained", { sessionID: ROOT }],
        [9000, "hook:dispose", {}],
        [9001, "plugin.init", { directory: "/bench/work/wt" }],
      ],
      truth: truth(
        [
          [1010, "not_started"],
          [3000, "active"],
          [5000, "blocked"],
          [7000, "active"],
          [9500, "idle"],
          [10_000, "exited"],
        ],
        9500,
      ),
    });
    const report = await scoreAll(loadTraces(undefined, dir.path));
    assert.equal(
      report.agents.map(({ agent }) => agent),
      ["kilo 7.7.9"],
    );
    assert.equal(report.withoutHarness, []);
    assert.equal(report.unknownEvents, []);
    assert.equal(report.all.ways.ao.wrong, []);
    assert.is(report.all.ways.ao.stretches, 4);
    assert.is(report.all.ways.ao.exitsRight, 1);
  });

  test("cline: sessions of one hub told apart by their ids, by the shell and by lines", async () => {
    using dir = tempDir();
    const of = (session: string) => ({
      taskId: `conv_${session}`,
      sessionContext: { rootSessionId: session },
      parent_agent_id: null,
    });
    const tool = (session: string, name: string) => ({ ...of(session), tool_call: { id: "c1", name } });
    const result = (session: string, name: string) => ({ ...of(session), tool_result: { id: "c1", name } });
    const [a, b] = [
      { pid: 11, ppid: 5 },
      { pid: 12, ppid: 6 },
    ];
    const active: Stretch[] = [
      [1000, "not_started"],
      [4000, "active"],
      [6000, "idle"],
    ];
    const asking: Stretch[] = [
      [2000, "not_started"],
      [3000, "active"],
      [5000, "blocked"],
      [6000, "active"],
    ];
    const lines: Line[] = [
      [1000, "TaskStart", of("a"), a],
      [2000, "TaskStart", of("b"), b],
      [3000, "PreToolUse", tool("b", "ask_question"), b],
      [4000, "TaskComplete", of("a"), a],
      [5000, "PostToolUse", result("b", "ask_question"), b],
    ];
    const twoBy = (first: object, second: object) => ({
      processes: [
        { name: "one", select: first, ...truth(active) },
        { name: "two", select: second, ...truth(asking) },
      ],
    });
    const folder = join(dir.path, "cline-3.0.65");
    record(folder, "interactive-a", { lines, truth: twoBy({ session_ids: ["a"] }, { session_ids: ["b"] }) });
    record(folder, "interactive-b", { lines, truth: twoBy({ session_ids: ["conv_a"] }, { ppid: 6 }) });
    const [apart, together] = [
      lines.filter(([, , , by]) => by === a),
      lines.filter(([, , , by]) => by === b),
    ];
    const inTurn = [...apart, ...together];
    record(folder, "interactive-c", { lines: inTurn, truth: twoBy({ lines: [0, 1] }, { lines: [2, 4] }) });
    const report = await scoreAll(loadTraces(undefined, dir.path));
    assert.equal(
      report.agents.map(({ agent }) => agent),
      ["cline 3.0.65"],
    );
    assert.equal(report.all.ways.ao.wrong, []);
    assert.is(report.all.ways.ao.stretches, 15);
    assert.is(report.all.ways.ao.needsRight, 3);
  });
});
