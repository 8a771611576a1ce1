import { spawn } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../../support/eventually.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { eachTold, LAUNCH_TIME, ME, watchLaunch } from "./watched-launch.ts";

const THREAD = "01a2042c-051d-7060-a70a-17dc3a37ab67";
const CHILD = "01a2042d-ed28-7022-85a3-bdfca8b9d52d";

function line(ms: number, payload: object, type = "event_msg"): string {
  const timestamp = new Date(LAUNCH_TIME + ms).toISOString();
  return `${JSON.stringify({ timestamp, ordinal: ms, type, payload })}\n`;
}

const meta = (id: string, parent?: string) =>
  line(0, { session_id: THREAD, id, ...(parent ? { parent_thread_id: parent } : {}) }, "session_meta");
const started = (ms: number, turn: string, mode?: string) =>
  line(ms, { type: "task_started", turn_id: turn, collaboration_mode_kind: mode });
const output = (ms: number, callId: string) =>
  line(ms, { type: "function_call_output", call_id: callId, output: '"call_id":"c1"' }, "response_item");
const completed = (ms: number, turn: string, error?: object) =>
  line(ms, { type: "task_complete", turn_id: turn, error });
const aborted = (ms: number, turn: string) =>
  line(ms, { type: "turn_aborted", turn_id: turn, reason: "interrupted" });
const noise = (ms: number, bytes: number) =>
  line(ms, { type: "function_call_output", output: "x".repeat(bytes) }, "response_item");

const codex = { harness: "codex" as const, witness: {}, agent: ME };
const rolloutIn = (dir: string, id = THREAD) => join(dir, `rollout-2026-11-22T16-52-03-${id}.jsonl`);

suite("codex witness", ({ test }) => {
  test("tells the turns of the rollout its hooks name, without a poll", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    writeFileSync(path, meta(THREAD) + started(40, "t1"));
    using launch = watchLaunch(codex);
    launch.hint({ fields: { transcriptPath: path } });
    const steps = [
      noise(50, 100) + completed(60, "t1"),
      started(70, "t2"),
      aborted(80, "t2"),
      started(90, "t3"),
      completed(100, "t3", { message: "no", codex_error_info: "other" }),
    ];
    await eachTold(
      launch,
      steps.map((text) => () => appendFileSync(path, text)),
    );
    assert.equal(launch.words(), [
      "witness_active",
      "witness_idle",
      "witness_active",
      "turn_interrupted",
      "witness_active",
      "turn_failed",
    ]);
    assert.equal(launch.said[0], {
      id: `w-codex-${LAUNCH_TIME + 40}-started-t1`,
      launchId: "l1",
      seq: 0,
      observedTime: LAUNCH_TIME + 40,
      kind: "witness",
      harness: "codex",
      event: "witness_active",
      fields: { nativeSessionId: THREAD, pid: ME.pid },
    });
  });

  test("a file that only grows says nothing: a dialog may be open", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    writeFileSync(path, started(10, "t1"));
    using launch = watchLaunch(codex);
    launch.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length === 1);
    for (let n = 0; n < 20; n++) appendFileSync(path, noise(20 + n, 1000));
    appendFileSync(path, completed(100, "t1"));
    await eventually(() => launch.said.length === 2);
    assert.equal(launch.words(), ["witness_active", "witness_idle"]);
  });

  test("of a resumed rollout only this launch's turns count, however large it is", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    writeFileSync(
      path,
      started(-50, "t0") + noise(-40, 3_000_000) + started(-20, "t9") + completed(-10, "t0"),
    );
    for (let n = 0; n < 40; n++) appendFileSync(path, noise(-9, 100_000));
    appendFileSync(path, started(-8, "t8") + aborted(-7, "t8") + started(10, "t1"));
    using launch = watchLaunch(codex);
    launch.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length > 0);
    appendFileSync(path, completed(20, "t1"));
    await eventually(() => launch.said.length > 1);
    assert.equal(
      launch.said.map((signal) => signal.observedTime - LAUNCH_TIME),
      [10, 20],
    );
  });

  test("the beginning of a long turn is found far back", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    writeFileSync(path, started(10, "t1"));
    for (let n = 0; n < 30; n++) appendFileSync(path, noise(11, 100_000));
    using launch = watchLaunch(codex);
    launch.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length === 1);
  });

  test("an end that belongs to an earlier turn is not the current one's", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    writeFileSync(path, started(10, "t1") + aborted(20, "t1") + started(30, "t2") + completed(40, "t1"));
    using launch = watchLaunch(codex);
    launch.hint({ fields: { transcriptPath: path } });
    appendFileSync(path, completed(50, "t2"));
    await eventually(() => launch.said.at(-1)?.observedTime === LAUNCH_TIME + 50);
    assert.equal(launch.words(), ["witness_active", "turn_interrupted", "witness_active", "witness_idle"]);
  });

  test("follows the newest rollout the root's hooks name, never a subagent's or a closed one's", async () => {
    using dir = tempDir();
    const [first, second, child] = ["01a2042c-0000-7060-a70a-17dc3a37ab67", THREAD, CHILD].map((id) =>
      rolloutIn(dir.path, id),
    ) as [string, string, string];
    writeFileSync(first, started(10, "t1"));
    writeFileSync(second, started(30, "t2"));
    writeFileSync(child, started(20, "tc"));
    using launch = watchLaunch(codex);
    const hint = (transcriptPath: string, observedTime: number, more: object = {}) =>
      launch.hint({ observedTime, fields: { transcriptPath, ...more } });
    hint(first, LAUNCH_TIME + 11);
    await eventually(() => launch.said.length === 1);
    hint(child, LAUNCH_TIME + 21, { agentId: CHILD });
    hint(second, LAUNCH_TIME + 31);
    hint(first, LAUNCH_TIME + 12);
    launch.hint({ event: "SessionEnd", observedTime: LAUNCH_TIME + 99, fields: { transcriptPath: first } });
    await eventually(() => launch.said.length === 2);
    appendFileSync(first, completed(40, "t1"));
    appendFileSync(second, completed(50, "t2"));
    await eventually(() => launch.said.length === 3);
    assert.equal(
      launch.said.map((signal) => signal.observedTime - LAUNCH_TIME),
      [10, 30, 50],
    );
  });

  test("tells the end of a subagent's turn out of its own rollout, each once", async () => {
    using dir = tempDir();
    const [path, child] = [rolloutIn(dir.path), rolloutIn(dir.path, CHILD)];
    writeFileSync(path, started(10, "t1") + completed(20, "t1"));
    // The rollout of a subagent that was resumed holds ends of its earlier turns.
    writeFileSync(child, aborted(11, "tb") + started(12, "tc"));
    using launch = watchLaunch(codex);
    launch.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length === 2);
    const hint = (ms: number, more: object = {}) =>
      launch.hint({
        observedTime: LAUNCH_TIME + ms,
        fields: { transcriptPath: child, agentId: CHILD, ...more },
      });
    hint(15);
    appendFileSync(child, noise(25, 100) + aborted(30, "tc"));
    await eventually(() => launch.said.length === 3);
    const { event, kind, observedTime, fields } = launch.said[2] ?? {};
    assert.equal([event, kind, observedTime], ["subagent_end", "witness", LAUNCH_TIME + 30]);
    assert.equal(fields, { agentId: CHILD, reason: "interrupted" });
    // It is given another task: its hooks name the rollout again, one of them late.
    hint(40, { transcriptPath: path });
    hint(41);
    hint(25);
    appendFileSync(child, started(41, "td") + completed(50, "td"));
    await eventually(() => launch.said.length === 4);
    appendFileSync(path, started(60, "t2"));
    await eventually(() => launch.said.length === 5);
    assert.equal(
      launch.said.map((signal) => signal.observedTime - LAUNCH_TIME),
      [10, 20, 30, 50, 60],
    );
  });

  test("tells of a question, and of the output of the tool that asks, and of no other's", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    writeFileSync(path, started(10, "t1", "plan") + output(15, "c0"));
    using launch = watchLaunch(codex);
    const hint = (toolName: string, toolUseId: string) =>
      launch.hint({ event: "PreToolUse", fields: { transcriptPath: path, toolName, toolUseId } });
    hint("Bash", "c0");
    await eventually(() => launch.said.length === 1);
    hint("request_user_input", "c1");
    await eventually(() => launch.said.length === 2);
    appendFileSync(path, output(20, "c0") + output(30, "c2"));
    appendFileSync(path, output(40, "c1").slice(0, 30));
    appendFileSync(path, output(40, "c1").slice(30) + output(50, "c1") + completed(60, "t1"));
    await eventually(() => launch.said.length === 4);
    assert.equal(
      launch.said.map(({ event, fields }) => [event, fields.toolUseId]),
      [
        ["witness_active", undefined],
        ["question_request", "c1"],
        ["witness_idle", undefined],
        ["request_answered", "c1"],
      ],
    );
    assert.is(launch.said[3]?.observedTime, LAUNCH_TIME + 40);
  });

  test("a question outside of plan mode asks nobody, unless its tool does not fail at once", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    const clock = createManualClock(LAUNCH_TIME);
    writeFileSync(path, started(5, "t0", "plan") + started(10, "t1", "default"));
    using launch = watchLaunch({ ...codex, clock });
    const asks = (toolUseId: string) =>
      launch.hint({
        event: "PreToolUse",
        observedTime: LAUNCH_TIME + 20,
        fields: { transcriptPath: path, toolName: "request_user_input", toolUseId },
      });
    const words = () => launch.said.map(({ event, fields }) => [event, fields.toolUseId].join(" ").trim());
    launch.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length === 2);
    asks("c1");
    appendFileSync(path, output(40, "c1") + started(50, "t2", "default"));
    await eventually(() => launch.said.length === 3);
    clock.advance(400);
    asks("c2");
    appendFileSync(path, started(500, "t3", "default"));
    await eventually(() => launch.said.length === 4);
    assert.equal(words(), Array(4).fill("witness_active"));
    clock.advance(299);
    appendFileSync(path, started(600, "t4", "default"));
    await eventually(() => launch.said.length === 5);
    assert.is(words()[4], "witness_active");
    clock.advance(1);
    await eventually(() => launch.said.length === 6);
    assert.is(words()[5], "question_request c2");
    assert.is(launch.said[5]?.observedTime, LAUNCH_TIME + 20);
  });

  test("a question is told at once where no rollout says the mode", async () => {
    using dir = tempDir();
    using launch = watchLaunch(codex);
    const transcriptPath = rolloutIn(dir.path);
    const fields = { transcriptPath, toolName: "request_user_input", toolUseId: "c1" };
    launch.hint({ event: "PreToolUse", fields });
    await eventually(() => launch.said[0]?.event === "question_request");
  });

  test("a rollout that was cut or replaced is read anew", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    const clock = createManualClock(LAUNCH_TIME);
    writeFileSync(path, started(10, "t1") + noise(11, 5000));
    using launch = watchLaunch({ ...codex, clock });
    launch.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length === 1);
    truncateSync(path, 0);
    appendFileSync(path, completed(20, "t1"));
    await eventually(() => launch.said.at(-1)?.event === "witness_idle", { what: "the end in a cut file" });
    writeFileSync(`${path}.new`, noise(25, 9000) + started(30, "t2"));
    renameSync(`${path}.new`, path);
    await eventually(() => {
      clock.advance(1000);
      return launch.said.at(-1)?.observedTime === LAUNCH_TIME + 30;
    });
    appendFileSync(path, completed(40, "t2"));
    await eventually(() => launch.said.at(-1)?.observedTime === LAUNCH_TIME + 40, { what: "a change event" });
    rmSync(path);
  });

  test("torn lines, carriage returns and garbage end nothing", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    const whole = started(10, "t1").trimEnd();
    writeFileSync(path, `\u0000\n{}\n[\n"event_msg"\n${whole.slice(0, 40)}`);
    using launch = watchLaunch(codex);
    launch.hint({ fields: { transcriptPath: path } });
    appendFileSync(path, whole.slice(40));
    appendFileSync(path, `\r\n\r\n${completed(20, "t1")}`);
    await eventually(() => launch.said.length === 2);
    assert.equal(launch.words(), ["witness_active", "witness_idle"]);
  });

  test("a path that is no rollout is not read", async () => {
    using dir = tempDir();
    const other = join(dir.path, "history.jsonl");
    const directory = rolloutIn(dir.path, CHILD);
    const path = rolloutIn(dir.path);
    writeFileSync(other, started(10, "t0"));
    mkdirSync(directory);
    writeFileSync(path, started(20, "t1"));
    using launch = watchLaunch({ harness: "codex", witness: {} });
    for (const [n, transcriptPath] of [other, directory, join(dir.path, "gone.jsonl"), path].entries()) {
      launch.hint({ observedTime: LAUNCH_TIME + n, fields: { transcriptPath } });
    }
    await eventually(() => launch.said.length === 1);
    assert.is(launch.said[0]?.observedTime, LAUNCH_TIME + 20);
  });

  test("without hooks the rollout is found among the files the process has open", async () => {
    using dir = tempDir();
    const [path, child] = [rolloutIn(dir.path), rolloutIn(dir.path, CHILD)];
    writeFileSync(path, meta(THREAD) + started(10, "t1"));
    writeFileSync(child, meta(CHILD, THREAD) + started(20, "tc"));
    utimesSync(path, 2, 2);
    const clock = createManualClock(LAUNCH_TIME);
    const cleared = rolloutIn(dir.path, "01a20437-ba96-75d2-8ef0-5661d260ce93");
    const script = 'exec 8<"$1" 9<"$2"; echo ready; read -r _; exec 7<"$3"; echo ready; read -r _';
    const agent = spawn("/bin/sh", ["-c", script, "sh", path, child, cleared], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      await new Promise((resolve) => agent.stdout.once("data", resolve));
      using launch = watchLaunch({ ...codex, agent: { pid: agent.pid as number }, clock });
      await eventually(() => launch.said.length === 1);
      assert.is(launch.said[0]?.fields.nativeSessionId, THREAD);
      writeFileSync(cleared, meta("01a20437-ba96-75d2-8ef0-5661d260ce93") + started(30, "t2"));
      utimesSync(path, 1, 1);
      agent.stdin.write("go\n");
      await new Promise((resolve) => agent.stdout.once("data", resolve));
      await eventually(() => {
        clock.advance(1000);
        return launch.said.some((signal) => signal.observedTime === LAUNCH_TIME + 30);
      });
    } finally {
      agent.kill("SIGKILL");
    }
  });

  test("a turn that goes on is confirmed every 45 s while its process runs, and says no more than that", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    const clock = createManualClock(LAUNCH_TIME + 100);
    writeFileSync(path, started(100, "t1"));
    using launch = watchLaunch({ ...codex, clock });
    using dead = watchLaunch({ ...codex, clock, agent: { ...ME, startTicks: ME.startTicks - 1 } });
    for (const one of [launch, dead]) one.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length === 1 && dead.said.length === 1);
    clock.advance(45_000);
    await eventually(() => launch.said.length === 2);
    appendFileSync(path, completed(50_000, "t1"));
    await eventually(() => launch.said.length === 3 && dead.said.length === 2);
    clock.advance(100_000);
    appendFileSync(path, started(150_000, "t2"));
    await eventually(() => launch.said.length === 4);
    assert.equal(launch.words(), [
      "witness_active",
      "witness_active:lease",
      "witness_idle",
      "witness_active",
    ]);
    assert.equal(dead.words().slice(0, 2), ["witness_active", "witness_idle"]);
  });

  test("after a restart of the shim a turn that began long ago is confirmed at once", async () => {
    using dir = tempDir();
    const path = rolloutIn(dir.path);
    writeFileSync(path, started(10, "t1"));
    using launch = watchLaunch({ ...codex, clock: createManualClock(LAUNCH_TIME + 3_600_000) });
    launch.hint({ fields: { transcriptPath: path } });
    await eventually(() => launch.said.length === 2);
    assert.equal(launch.words(), ["witness_active", "witness_active:lease"]);
  });
});
