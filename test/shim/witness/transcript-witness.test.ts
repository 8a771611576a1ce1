import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../../support/eventually.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";
import {
  copilotLines,
  geminiLines,
  grokLines,
  openSessions,
  qwenLines,
  vibeLines,
} from "./transcript-lines.ts";
import { eachTold, LAUNCH_TIME, ME, type WatchedLaunch, watchLaunch } from "./watched-launch.ts";

const SESSION = "53d07383-49c1-4298-bee5-920ba88fadb0";

/** Appends each text once what the one before it makes the witness say has been said. */
async function grow(path: string, launch: WatchedLaunch, steps: readonly [text: string, says: string[]][]) {
  const expected: string[] = launch.words();
  for (const [text, says] of steps) {
    appendFileSync(path, text);
    expected.push(...says);
    await eventually(() => launch.words().length >= expected.length, { what: `${text} told` });
    assert.equal(launch.words(), expected);
  }
}

/** A place where copilot keeps its sessions. */
function copilotHome(dir: string) {
  const path = join(dir, "session-state", SESSION, "events.jsonl");
  mkdirSync(dirname(path), { recursive: true });
  return { path, open: join(dir, "open-sessions-state.json"), witness: { copilotHome: dir } };
}

suite("transcript witness", ({ test }) => {
  test("gemini: a denial ends the turn, at the time of the line", async () => {
    using dir = tempDir();
    const path = join(dir.path, "session-1.jsonl");
    writeFileSync(path, geminiLines.head);
    using launch = watchLaunch({ harness: "gemini", witness: {}, agent: ME });
    launch.hint({ event: "SessionStart", fields: { transcriptPath: path } });
    const { prompt, model, cancelled, toolResult } = geminiLines;
    await grow(path, launch, [
      [prompt(10) + model(20), ["witness_active"]],
      [toolResult(30) + cancelled(40), ["turn_interrupted"]],
      [prompt(50) + prompt(2000), ["witness_active"]],
    ]);
    assert.is(launch.said[2]?.observedTime, LAUNCH_TIME + 2000);
    assert.is(launch.said[1]?.observedTime, LAUNCH_TIME + 40);
    assert.is(launch.said[1]?.id, `w-gemini-${LAUNCH_TIME + 40}-interrupted-c40`);
  });

  test("grok: the file beside the transcript tells how the turn ended", async () => {
    using dir = tempDir();
    const path = join(dir.path, "events.jsonl");
    writeFileSync(path, "");
    using launch = watchLaunch({ harness: "grok", witness: {}, agent: ME });
    launch.hint({ event: "UserPromptSubmit", fields: { transcriptPath: join(dir.path, "updates.jsonl") } });
    const { started, phase, ended } = grokLines;
    await grow(path, launch, [
      [started(10) + phase(20), ["witness_active"]],
      [ended(30, "completed"), ["witness_idle"]],
      [started(40) + ended(50, "cancelled"), ["witness_active", "turn_interrupted"]],
    ]);
  });

  test("vibe: a journal goes on in the next file, and nothing of the one before is lost or told again", async () => {
    using dir = tempDir();
    const journal = join(dir.path, "unified", SESSION, "journal");
    mkdirSync(journal, { recursive: true });
    const [first, second] = [join(journal, "0001.jsonl"), join(journal, "0014.jsonl")];
    writeFileSync(first, "");
    using launch = watchLaunch({ harness: "vibe", witness: {}, agent: ME });
    launch.hint({ event: "pre_tool", fields: { transcriptPath: join(dir.path, "unified", SESSION) } });
    const { turn, asked, answered } = vibeLines;
    await grow(first, launch, [
      [turn(10, "in_progress") + asked(20, "a"), ["witness_active", "witness_blocked:permission"]],
      [answered("a"), ["witness_active:no_dialog"]],
    ]);
    writeFileSync(second, "");
    appendFileSync(first, turn(10, "completed", 40));
    await grow(second, launch, [
      [turn(10, "completed", 40) + turn(50, "in_progress"), ["witness_idle", "witness_active"]],
      [
        asked(60, "q", "user_input") + turn(50, "interrupted", 70),
        ["witness_blocked:question", "turn_interrupted"],
      ],
    ]);
  });

  test("vibe: the journal of a session that the agent's own server holds is found before any hook", async () => {
    using dir = tempDir();
    const server = spawn("sleep", ["60"]);
    try {
      const journal = join(dir.path, "unified", SESSION, "journal");
      mkdirSync(journal, { recursive: true });
      mkdirSync(join(dir.path, "active"));
      const hold = (session: string, process_id: number | undefined) =>
        writeFileSync(join(dir.path, "active", `${session}.lock.json`), JSON.stringify({ process_id }));
      hold("somebody-elses", process.ppid);
      const passing = join(dir.path, "unified", "passing", "journal");
      mkdirSync(passing, { recursive: true });
      writeFileSync(join(passing, "0001.jsonl"), "");
      hold("passing", server.pid);
      hold(SESSION, server.pid);
      writeFileSync(join(journal, "0001.jsonl"), vibeLines.turn(10, "in_progress"));
      const clock = createManualClock(LAUNCH_TIME);
      using launch = watchLaunch({ harness: "vibe", witness: { sessions: dir.path }, agent: ME, clock });
      await eventually(() => launch.words().length > 0, { what: "the journal is found" });
      assert.equal(launch.words(), ["witness_active"]);
      // Cleared: it lets the session go for the one that it holds already, and no hook says so.
      appendFileSync(join(journal, "0001.jsonl"), vibeLines.turn(10, "completed", 20));
      await eventually(() => launch.words().length > 1, { what: "the turn's end is told" });
      rmSync(join(dir.path, "active", `${SESSION}.lock.json`));
      writeFileSync(join(passing, "0001.jsonl"), vibeLines.turn(30, "in_progress"));
      const isFound = () => {
        clock.advance(1000);
        return launch.words().length > 2;
      };
      await eventually(isFound, { what: "the next journal is found" });
      assert.equal(launch.words(), ["witness_active", "witness_idle", "witness_active"]);
    } finally {
      server.kill("SIGKILL");
    }
  });

  test("qwen: a turn's end and a cancelled tool are told once each", async () => {
    using dir = tempDir();
    const path = join(dir.path, "s.jsonl");
    writeFileSync(path, "");
    using launch = watchLaunch({ harness: "qwen", witness: {}, agent: ME });
    launch.hint({ event: "SessionStart", fields: { transcriptPath: path } });
    const { prompt, calls, says, result } = qwenLines;
    await grow(path, launch, [
      [prompt(10) + calls(20), ["witness_active"]],
      [result(30, "success") + says(40), ["witness_idle"]],
      [prompt(50) + calls(60) + result(70, "cancelled"), ["witness_active", "turn_interrupted"]],
    ]);
  });

  test("copilot: a dialog is told, its approval too, unless another one is open", async () => {
    using dir = tempDir();
    const { path, witness } = copilotHome(dir.path);
    writeFileSync(path, copilotLines.prompt(10));
    using launch = watchLaunch({ harness: "copilot", witness, agent: ME });
    launch.hint({ event: "sessionStart", fields: { nativeSessionId: SESSION } });
    const { asked, answered, abort, turnStart, turnEnd } = copilotLines;
    await grow(path, launch, [
      ["", ["witness_active"]],
      [asked(20, "r1") + asked(21, "r2"), ["witness_blocked:permission", "witness_blocked:permission"]],
      [answered(30, "r1"), []],
      [answered(40, "r2"), ["witness_active:no_dialog"]],
      [turnEnd(50) + turnStart(51) + asked(60, "r3"), ["witness_blocked:permission"]],
      [answered(70, "r3", "cancelled") + turnEnd(71) + abort(72), ["turn_interrupted"]],
    ]);
  });

  test("copilot: a stop that takes the prompt back is told by the list of open sessions, an old word there is not", async () => {
    using dir = tempDir();
    const { path, open, witness } = copilotHome(dir.path);
    writeFileSync(open, openSessions(SESSION, false, 5));
    writeFileSync(path, copilotLines.prompt(10) + copilotLines.turnStart(11));
    using launch = watchLaunch({ harness: "copilot", witness, agent: ME });
    launch.hint({ event: "sessionStart", fields: { nativeSessionId: SESSION } });
    await eventually(() => launch.words().length === 1);
    writeFileSync(path, "");
    writeFileSync(open, openSessions(SESSION, false, 90));
    await eventually(() => launch.words().length === 2, { what: "the end told" });
    assert.equal(launch.words(), ["witness_active", "witness_idle"]);
    assert.is(launch.said[1]?.observedTime, LAUNCH_TIME + 90);
  });

  test("copilot: the last words of a turn go out with its end, those of the turn before do not", async () => {
    using dir = tempDir();
    const { path, open, witness } = copilotHome(dir.path);
    const { prompt, says } = copilotLines;
    writeFileSync(open, openSessions(SESSION, true, 5));
    writeFileSync(path, prompt(10) + says(20, "one") + says(30, "two"));
    using launch = watchLaunch({ harness: "copilot", witness, agent: ME });
    launch.hint({ event: "sessionStart", fields: { nativeSessionId: SESSION } });
    await eachTold(launch, [
      () => writeFileSync(open, openSessions(SESSION, false, 90)),
      () => appendFileSync(path, prompt(100)),
      () => writeFileSync(open, openSessions(SESSION, false, 190)),
    ]);
    assert.equal(
      launch.said.map(({ fields }) => fields.message),
      [undefined, "two", undefined, undefined],
    );
  });

  test("copilot: no session of a subagent is taken for the root's, and no name that leads elsewhere", async () => {
    using dir = tempDir();
    const { path, witness } = copilotHome(dir.path);
    writeFileSync(path, copilotLines.prompt(10));
    using launch = watchLaunch({ harness: "copilot", witness });
    launch.hint({ event: "sessionStart", fields: { nativeSessionId: SESSION, agentId: "a" } });
    launch.hint({ event: "sessionStart", fields: { nativeSessionId: SESSION, parentSessionId: "p" } });
    launch.hint({ event: "userPromptSubmitted", fields: { nativeSessionId: SESSION } });
    launch.hint({ event: "sessionStart", fields: { nativeSessionId: `../session-state/${SESSION}` } });
    launch.hint({ event: "sessionStart", fields: { nativeSessionId: SESSION } });
    await eventually(() => launch.words().length === 1);
    assert.equal(launch.words(), ["witness_active"]);
  });

  test("copilot: a witness that begins anew finds the session that the process holds", async () => {
    using dir = tempDir();
    const { path, witness } = copilotHome(dir.path);
    writeFileSync(path, copilotLines.prompt(10));
    writeFileSync(join(dirname(path), `inuse.${ME.pid}.lock`), "");
    using launch = watchLaunch({ harness: "copilot", witness, agent: ME });
    await eventually(() => launch.words().length === 1);
  });

  test("what stands there from an earlier launch is left out", async () => {
    using dir = tempDir();
    const path = join(dir.path, "session-1.jsonl");
    writeFileSync(path, geminiLines.prompt(-9000) + geminiLines.cancelled(-8000) + geminiLines.prompt(10));
    using launch = watchLaunch({ harness: "gemini", witness: {}, agent: ME });
    launch.hint({ event: "SessionStart", fields: { transcriptPath: path } });
    await eventually(() => launch.said.length > 0);
    assert.equal(
      launch.said.map(({ observedTime }) => observedTime),
      [LAUNCH_TIME + 10],
    );
  });

  test("a turn that goes on without a word is confirmed, until it ends", async () => {
    using dir = tempDir();
    const path = join(dir.path, "session-1.jsonl");
    writeFileSync(path, geminiLines.prompt(10));
    const clock = createManualClock(LAUNCH_TIME);
    using launch = watchLaunch({ harness: "gemini", witness: {}, agent: ME, clock });
    launch.hint({ event: "SessionStart", fields: { transcriptPath: path } });
    await eventually(() => launch.words().length === 1);
    clock.advance(46_000);
    await eventually(() => launch.words().length === 2);
    assert.equal(launch.words(), ["witness_active", "witness_active:lease"]);
    appendFileSync(path, geminiLines.cancelled(46_000));
    await eventually(() => launch.words().length === 3);
    clock.advance(100_000);
    appendFileSync(path, geminiLines.prompt(146_000));
    await eventually(() => launch.words().length === 4);
    assert.equal(launch.words().slice(2), ["turn_interrupted", "witness_active"]);
  });

  test("qwen: a prompt that is written behind the end of its own turn begins none, whichever is known first", async () => {
    using dir = tempDir();
    const path = join(dir.path, "chat.jsonl");
    writeFileSync(path, qwenLines.prompt(10));
    using launch = watchLaunch({ harness: "qwen", witness: {}, agent: ME });
    const isOver = (ms: number) =>
      launch.hint({
        event: "Notification",
        observedTime: LAUNCH_TIME + ms,
        fields: { type: "idle_prompt", transcriptPath: path },
      });
    launch.hint({ fields: { transcriptPath: path } });
    await eachTold(launch, [() => isOver(5)]);
    assert.is(launch.said[1]?.observedTime, LAUNCH_TIME + 10);
    isOver(2000);
    appendFileSync(path, qwenLines.prompt(2040));
    appendFileSync(path, qwenLines.prompt(9000));
    await eventually(() => launch.said.length === 3);
    assert.equal(launch.words(), ["witness_active", "witness_idle", "witness_active"]);
    assert.is(launch.said[2]?.observedTime, LAUNCH_TIME + 9000);
  });

  test("gemini: a prompt that was queued begins its turn right behind the one that was stopped, as its hook says", async () => {
    using dir = tempDir();
    const path = join(dir.path, "session-1.jsonl");
    writeFileSync(path, geminiLines.prompt(10) + geminiLines.cancelled(5000));
    using launch = watchLaunch({ harness: "gemini", witness: {}, agent: ME });
    const began = (ms: number) =>
      launch.hint({
        event: "BeforeAgent",
        observedTime: LAUNCH_TIME + ms,
        fields: { prompt: "do", transcriptPath: path },
      });
    began(5);
    await eventually(() => launch.words().length === 2);
    appendFileSync(path, geminiLines.prompt(5100) + geminiLines.cancelled(5110));
    await eventually(() => launch.words().length === 3);
    began(5150);
    appendFileSync(path, geminiLines.prompt(5200));
    await eventually(() => launch.words().length === 4);
    const told = ["witness_active", "turn_interrupted", "turn_interrupted", "witness_active"];
    assert.equal(launch.words(), told);
  });

  test("qwen: a turn whose answer is whole is neither confirmed nor ended", async () => {
    using dir = tempDir();
    const path = join(dir.path, `${SESSION}.jsonl`);
    writeFileSync(path, qwenLines.prompt(10) + qwenLines.answers(5000));
    const clock = createManualClock(LAUNCH_TIME + 100_000);
    using launch = watchLaunch({ harness: "qwen", witness: {}, agent: ME, clock });
    launch.hint({ event: "SessionStart", fields: { transcriptPath: path } });
    await eventually(() => launch.words().length === 1);
    appendFileSync(path, qwenLines.prompt(100_000));
    await eventually(() => launch.words().length === 2);
    assert.equal(launch.words(), ["witness_active", "witness_active"]);
  });

  test("garbage, huge lines and binary noise are read past", async () => {
    using dir = tempDir();
    const path = join(dir.path, "session-1.jsonl");
    const noise = [
      `{"id":"${"x".repeat(2_000_000)}"}\n`,
      "\u0000\u0001{]\n",
      '{"id":1,"type":"info"}\n',
      "\n\n",
    ];
    writeFileSync(path, noise.join(""));
    using launch = watchLaunch({ harness: "gemini", witness: {}, agent: ME });
    launch.hint({ event: "SessionStart", fields: { transcriptPath: path } });
    await grow(path, launch, [[geminiLines.prompt(10), ["witness_active"]]]);
  });
});
