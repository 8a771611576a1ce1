import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { type Signal, WITNESS_LEASE } from "../../src/core/signal.ts";
import { createLaunchManifests } from "../../src/shim/launch-manifests.ts";
import { createWitnessDesk, KEPT_TESTIMONIES, WITNESS_NOTE } from "../../src/shim/witness-desk.ts";
import type { WitnessedLaunch, WitnessSource } from "../../src/shim/witness-source.ts";
import { systemClock } from "../../src/util/clock.ts";
import { silentLog } from "../../src/util/log.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { deadPid, makeHome } from "./shim-home.ts";

suite("witness desk", ({ test }) => {
  test("starts a witness when the agent starts, hints it, and stops it when the agent ends", () => {
    using dir = tempDir();
    const { home, desk, source } = open(dir.path);
    const path = home.addLaunch({ launchId: "l1" });
    desk.onSignal(hook("l1"));
    assert.equal(source.started, []);
    desk.onSignal(started("l1", process.pid));
    assert.equal(
      source.started.map(({ launchId, pid }) => ({ launchId, pid })),
      [{ launchId: "l1", pid: process.pid }],
    );
    assert.equal(JSON.parse(readFileSync(join(path, WITNESS_NOTE), "utf8")), { pid: process.pid });
    desk.onSignal(hook("l1"));
    assert.equal(
      source.hints.map((signal) => signal.event),
      ["ao-process-started", "Stop"],
    );
    desk.onSignal(exited("l1"));
    assert.equal(source.stopped, ["l1"]);
    assert.not(existsSync(join(path, WITNESS_NOTE)));
    desk.onSignal(hook("l1"));
    assert.is(source.hints.length, 2);
  });

  test("starts none without a manifest or for a harness without one, and one only once", () => {
    using dir = tempDir();
    const { home, desk, source } = open(dir.path);
    home.addLaunch({ launchId: "l1", harness: "demo" });
    home.addLaunch({ launchId: "l2" });
    for (const id of ["l1", "l2", "l2", "l3"]) desk.onSignal(started(id, process.pid));
    assert.equal(
      source.started.map((launch) => launch.launchId),
      ["l2"],
    );
  });

  test("stops when the daemon has moved on to another launch", () => {
    using dir = tempDir();
    const { home, desk, source } = open(dir.path);
    home.addLaunch({ launchId: "l1" });
    desk.onSignal(started("l1", process.pid));
    desk.onStale("l1");
    desk.onStale("l1");
    assert.equal(source.stopped, ["l1"]);
  });

  test("keeps what is told in order, and of too much the newest", () => {
    using dir = tempDir();
    const { home, desk, source } = open(dir.path);
    for (const id of ["l1", "l2"]) {
      home.addLaunch({ launchId: id });
      desk.onSignal(started(id, process.pid));
    }
    for (let i = 0; i < KEPT_TESTIMONIES + 4; i++) source.tell("l1", `w${i}`);
    source.tell("l2", "other");
    const first = desk.take(10);
    assert.equal(
      first.map((one) => one.id),
      Array.from({ length: 10 }, (_, i) => `w${i + 4}`),
    );
    assert.equal(
      desk.take(100).map((one) => one.id),
      [...Array.from({ length: 6 }, (_, i) => `w${i + 14}`), "other"],
    );
    assert.equal(desk.take(100), []);
  });

  test("a new confirmation replaces an unsent one and pushes out nothing that says more", () => {
    using dir = tempDir();
    const { home, desk, source } = open(dir.path);
    home.addLaunch({ launchId: "l1" });
    desk.onSignal(started("l1", process.pid));
    source.tell("l1", "lease0", WITNESS_LEASE);
    source.tell("l1", "blocked");
    for (let i = 1; i <= KEPT_TESTIMONIES + 4; i++) source.tell("l1", `lease${i}`, WITNESS_LEASE);
    source.tell("l1", "idle");
    assert.equal(
      desk.take(100).map((one) => one.id),
      ["blocked", `lease${KEPT_TESTIMONIES + 4}`, "idle"],
    );
  });

  test("a new shim goes on with the launches that still live, and forgets the others", () => {
    using dir = tempDir();
    const { home, desk, source } = open(dir.path);
    const note = (launchId: string, text: string) => {
      const path = join(home.addLaunch({ launchId }), WITNESS_NOTE);
      writeFileSync(path, text);
      return path;
    };
    const live = note("l1", JSON.stringify({ pid: process.pid }));
    const dead = note("l2", JSON.stringify({ pid: deadPid }));
    const recycled = note("l3", JSON.stringify({ pid: process.pid, startTicks: 1 }));
    const damaged = note("l4", "{");
    desk.resume();
    assert.equal(
      source.started.map((launch) => launch.launchId),
      ["l1"],
    );
    assert.ok(existsSync(live));
    for (const path of process.platform === "linux" ? [dead, recycled, damaged] : [dead, damaged])
      assert.not(existsSync(path), path);
  });

  test("a sweep ends the witness of an agent that is gone without a word", () => {
    using dir = tempDir();
    const { home, desk, source } = open(dir.path);
    for (const [id, pid] of [
      ["l1", process.pid],
      ["l2", deadPid],
    ] as const) {
      home.addLaunch({ launchId: id });
      desk.onSignal(started(id, pid));
    }
    desk.sweep();
    assert.equal(source.stopped, ["l2"]);
    desk.close();
    assert.equal(source.stopped, ["l2", "l1"]);
  });
});

function open(path: string) {
  const home = makeHome(path);
  const source = createToldSource();
  const manifests = createLaunchManifests({
    sessionsDir: home.paths.sessionsDir,
    clock: systemClock(),
    log: silentLog,
  });
  const witnesses = { "claude-code": source };
  const desk = createWitnessDesk({ manifests, witnesses, log: silentLog, onReady: () => {} });
  return { home, source, desk };
}

/** A source that says what the test tells it to. */
function createToldSource() {
  const emits = new Map<string, (signal: Signal) => void>();
  const source = {
    started: [] as WitnessedLaunch[],
    stopped: [] as string[],
    hints: [] as Signal[],
    start(launch: WitnessedLaunch, emit: (signal: Signal) => void) {
      source.started.push(launch);
      emits.set(launch.launchId, emit);
      return () => void source.stopped.push(launch.launchId);
    },
    hint: (signal: Signal) => void source.hints.push(signal),
    tell: (launchId: string, id: string, type?: string) =>
      emits.get(launchId)?.({ ...hook(launchId), id, kind: "witness", fields: { type } }),
  } satisfies WitnessSource & Record<string, unknown>;
  return source;
}

const hook = (launchId: string): Signal => ({
  id: "1-1-0",
  launchId,
  seq: 0,
  observedTime: 1,
  kind: "hook",
  harness: "claude-code",
  event: "Stop",
  fields: {},
});
const started = (launchId: string, pid: number): Signal => ({
  ...hook(launchId),
  kind: "process",
  event: "ao-process-started",
  fields: { pid },
});
const exited = (launchId: string): Signal => ({
  ...hook(launchId),
  kind: "process",
  event: "ao-process-exited",
});
