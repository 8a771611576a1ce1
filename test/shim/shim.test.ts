import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import * as assert from "uvu/assert";
import type { Signal } from "../../src/core/signal.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { BATCH_SIGNALS, WINDOW_SIGNALS } from "../../src/shim/outbox.ts";
import { runShim } from "../../src/shim/shim.ts";
import { inMessages } from "../../src/shim/uplink.ts";
import type { Witnesses } from "../../src/shim/witness-desk.ts";
import { systemClock } from "../../src/util/clock.ts";
import { type LogFields, silentLog } from "../../src/util/log.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { assertDelivery, createRecordingDaemon, TOKEN } from "./recording-daemon.ts";
import { deadPid, makeHome } from "./shim-home.ts";

/** Those of one launch, in the order of their arrival. */
const ofLaunch = (received: readonly Signal[], launchId: string) =>
  received.filter((one) => one.launchId === launchId);

suite("shim", ({ test }) => {
  test("sends what a hook says, with the fields its harness keeps, and deletes the file on the ack", async () => {
    await using run = await open();
    const { home, daemon } = run;
    home.addLaunch({ launchId: "l1" });
    const before = Date.now();
    home.spool("l1", "PreToolUse", {
      session_id: "s1",
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_use_id: "t1",
      tool_input: { command: "secret" },
    });
    await eventually(() => daemon.received.length === 1 && home.spooled().length === 0);
    const [signal] = daemon.received as [Signal];
    assert.match(signal.id, new RegExp(`^\\d{19}-${deadPid}-0$`));
    assert.ok(Math.abs(signal.observedTime - before) < 5000);
    const { kind, harness, event, launchId, seq, fields } = signal;
    assert.equal(
      { kind, harness, event, launchId, seq },
      { kind: "hook", harness: "claude-code", event: "PreToolUse", launchId: "l1", seq: 1 },
    );
    assert.is(fields.toolName, "Bash");
    assert.is(fields.nativeSessionId, "s1");
    assert.match(fields.toolInputDigest ?? "", /^[0-9a-f]{16}$/);
    assert.not.match(JSON.stringify(signal), /secret/);
    assert.equal(daemon.authorizations, [`Bearer ${TOKEN}`]);
  });

  test("process records are kind process, a launch without a manifest goes without a harness, cut payloads are partial", async () => {
    await using run = await open();
    const { home, daemon } = run;
    home.addLaunch({ launchId: "l1" });
    home.spool("l1", "ao-process-started", { pid: 12, pid_start_ticks: 34 });
    home.spool("l1", "ao-process-exited", { pid: 12, exit_signal: "SIGKILL" });
    home.spool("l1", "Stop", '{"session_id":"s1","last_assistant_mess');
    home.spool("stranger", "Stop", { session_id: "s2" });
    await eventually(() => daemon.received.length === 4);
    // The cut one waits a moment for more to come and keeps back its own launch alone: the stranger's may overtake it.
    const [start, exit, cut] = ofLaunch(daemon.received, "l1") as [Signal, Signal, Signal];
    const [stranger] = ofLaunch(daemon.received, "stranger") as [Signal];
    assert.equal([start.kind, start.fields], ["process", { pid: 12, pidStartTicks: 34 }]);
    assert.equal([exit.kind, exit.fields], ["process", { pid: 12, exitSignal: "SIGKILL" }]);
    assert.equal(cut.fields, { nativeSessionId: "s1", partial: true });
    assert.equal([stranger.harness, stranger.fields], ["", {}]);
    assert.equal(
      [start, exit, cut, stranger].map((one) => one.seq),
      [1, 2, 3, 1],
    );
  });

  test("any outcome ends a signal's wait; a rejected one is told", async () => {
    await using run = await open();
    const { home, daemon, logged } = run;
    const outcomes = ["applied", "recorded", "duplicate", "stale_launch", "superseded", "rejected"] as const;
    daemon.judge = (signal) => outcomes.find((outcome) => outcome === signal.event);
    for (const outcome of outcomes) home.spool("l1", outcome, {});
    const unanswered = home.spool("l1", "unanswered", {});
    await eventually(() => home.spooled().length === 1);
    assert.equal(home.spooled(), [unanswered]);
    assert.is(logged.filter((fields) => fields.event === "rejected").length, 1);
  });

  test("a daemon killed in mid-stream costs nothing: all arrive, in order, repeated ones under their id", async () => {
    await using run = await open();
    const { home, daemon } = run;
    const sent: string[] = [];
    let died = 0;
    daemon.judge = () => (died % 2 === 0 ? "applied" : undefined);
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 200; i++) sent.push(home.spool(i % 2 ? "la" : "lb", `E${sent.length}`, {}));
      const seen = new Set(daemon.received.map((one) => one.event));
      await eventually(() => daemon.received.some((one) => !seen.has(one.event)));
      await daemon.kill();
      died += 1;
      await daemon.start();
    }
    await eventually(() => home.spooled().length === 0, { timeoutMs: 20_000 });
    assertDelivery(daemon.received, sent.length);
    assert.ok(daemon.received.length > sent.length, "something was sent again");
  });

  test("waits for a daemon that is not there, and for a token that is wrong", async () => {
    await using run = await open({ daemonUp: false });
    const { home, daemon, logged } = run;
    home.spool("l1", "Early", {});
    writeFileSync(home.paths.tokenPath, "wrong");
    await daemon.start();
    await eventually(() => daemon.authorizations.length > 1);
    assert.is(daemon.received.length, 0);
    writeFileSync(home.paths.tokenPath, TOKEN);
    await eventually(() => home.spooled().length === 0);
    assert.is(daemon.received[0]?.event, "Early");
    const problems = logged
      .map((fields) => String(fields.problem))
      .filter((one) => one.includes("UNAUTHENTICATED"));
    assert.is(problems.length, 1);
  });

  test("never has more than its window on the way, nor more in a message than agreed", async () => {
    await using run = await open({ daemonUp: false });
    const { home, daemon } = run;
    for (let i = 0; i < WINDOW_SIGNALS + 300; i++) home.spool("l1", `E${i}`, {});
    daemon.judge = () => undefined;
    await daemon.start();
    await eventually(() => daemon.received.length === WINDOW_SIGNALS, { timeoutMs: 20_000 });
    home.spool("l1", "Last", {});
    await new Promise((done) => setImmediate(done));
    assert.is(daemon.received.length, WINDOW_SIGNALS);
    assert.ok(Math.max(...daemon.batches) <= BATCH_SIGNALS);
    daemon.judge = () => "applied";
    await daemon.kill();
    await daemon.start();
    await eventually(() => home.spooled().length === 0, { timeoutMs: 20_000 });
    assertDelivery(daemon.received, WINDOW_SIGNALS + 301);
  });

  test("witness signals go the same way, again after a lost stream, until the agent's launch is stale", async () => {
    const emits: ((signal: Signal) => void)[] = [];
    const stopped: string[] = [];
    const witnesses: Witnesses = {
      "claude-code": {
        start(launch, emit) {
          emits.push(emit);
          return () => void stopped.push(launch.launchId);
        },
      },
    };
    await using run = await open({ witnesses });
    const { home, daemon } = run;
    home.addLaunch({ launchId: "l1" });
    home.spool("l1", "ao-process-started", { pid: process.pid });
    await eventually(() => emits.length === 1 && home.spooled().length === 0);
    daemon.judge = () => undefined;
    emits[0]?.({ ...testimony("l1"), id: "w1" });
    await eventually(() => daemon.received.some((one) => one.id === "w1"));
    daemon.judge = (signal) => (signal.id === "w2" ? "stale_launch" : "applied");
    await daemon.kill();
    await daemon.start();
    await eventually(() => daemon.received.filter((one) => one.id === "w1").length === 2);
    emits[0]?.({ ...testimony("l1"), id: "w2" });
    await eventually(() => stopped.length === 1);
    assert.equal(stopped, ["l1"]);
  });

  test("goes on when the spool is removed under it", async () => {
    await using run = await open();
    const { home, daemon } = run;
    rmSync(home.paths.spoolDir, { recursive: true });
    mkdirSync(home.paths.spoolDir);
    home.spool("l1", "After", {});
    await eventually(() => daemon.received.length === 1 && home.spooled().length === 0);
  });

  test("ends at once when it is told to, with whatever is on the way", async () => {
    const run = await open();
    run.daemon.judge = () => undefined;
    run.home.spool("l1", "E", {});
    await eventually(() => run.daemon.received.length === 1);
    await run[Symbol.asyncDispose]();
    assert.is(run.left, 1);
  });
});

suite("messages", ({ test }) => {
  test("keep order, at most 256 signals and half a million characters, one signal at least", () => {
    const sizes = fc.array(fc.oneof(fc.nat(1000), fc.nat(600_000)), { maxLength: 700 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const signals = lengths.map((length, i) => ({
          ...testimony("l1"),
          id: `${i}`,
          fields: { message: "x".repeat(length) },
        }));
        const messages = inMessages(signals);
        assert.equal(
          messages.flat().map((one) => one.id),
          signals.map((one) => one.id),
        );
        for (const message of messages) {
          assert.ok(message.length > 0 && message.length <= BATCH_SIGNALS);
          const characters = message.reduce((sum, one) => sum + (one.fields.message?.length ?? 0), 0);
          assert.ok(message.length === 1 || characters <= 500_000);
        }
      }),
      { numRuns: 30 },
    );
  });
});

async function open(options: { witnesses?: Witnesses; daemonUp?: boolean } = {}) {
  const dir = tempDir();
  const home = makeHome(dir.path);
  const daemon = createRecordingDaemon(home.paths.socketPath);
  if (options.daemonUp ?? true) await daemon.start();
  const logged: LogFields[] = [];
  const note = (fields: LogFields) => void logged.push(fields);
  const stop = new AbortController();
  const ended = runShim(
    {
      paths: home.paths,
      harnesses: createHarnesses(),
      witnesses: options.witnesses ?? {},
      clock: systemClock(),
      log: { ...silentLog, warn: note, error: note },
    },
    stop.signal,
  );
  const run = {
    home,
    daemon,
    logged,
    /** Files in the spool at the end. */
    left: 0,
    async [Symbol.asyncDispose]() {
      if (stop.signal.aborted) return;
      stop.abort();
      await ended;
      await daemon.kill();
      run.left = home.spooled().length;
      dir[Symbol.dispose]();
    },
  };
  return run;
}

const testimony = (launchId: string): Signal => ({
  id: "w",
  launchId,
  seq: 0,
  observedTime: Date.now(),
  kind: "witness",
  harness: "claude-code",
  event: "witness_idle",
  fields: {},
});
