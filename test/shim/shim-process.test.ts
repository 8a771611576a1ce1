import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync } from "node:fs";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { assertDelivery, createRecordingDaemon } from "./recording-daemon.ts";
import { makeHome } from "./shim-home.ts";

suite("shim process", ({ test }) => {
  test(
    "killed with SIGKILL again and again amid 2000 files, it loses none and leaves none",
    async () => {
      await using run = open();
      const { home, daemon } = run;
      await daemon.start();
      for (let i = 0; i < 2000; i++) home.spool(`l${i % 3}`, `E${i}`, { session_id: `s${i}` });
      // Each shim is cut off after some more signals, half of which it saw acknowledged.
      for (const limit of [100, 400, 900]) {
        daemon.judge = () => (daemon.received.length % 2 === 0 ? "applied" : undefined);
        const shim = run.startShim();
        await eventually(() => daemon.received.length >= limit, { timeoutMs: 20_000, everyMs: 1 });
        await run.end(shim, "SIGKILL");
      }
      daemon.judge = () => "applied";
      run.startShim();
      await eventually(() => home.spooled().length === 0, { timeoutMs: 20_000 });
      assertDelivery(daemon.received, 2000);
      assert.ok(daemon.received.length > 2000, "something was sent again");
    },
    { timeoutMs: 60_000 },
  );

  test(
    "keeps its memory flat while 10 000 files wait for a daemon, then delivers them in order",
    async () => {
      await using run = open();
      const { home, daemon } = run;
      const shim = run.startShim();
      await eventually(() => run.log().includes("shim ready"), { timeoutMs: 20_000 });
      const payload = { session_id: "s1", text: "x".repeat(20_000) };
      for (let i = 0; i < 10_000; i++) home.spool("l1", `E${i}`, payload);
      const { pid } = shim;
      // 200 MB of payloads wait; a shim that read them ahead would hold them.
      if (process.platform === "linux")
        assert.ok(peakMegabytes(pid as number) < 190, `${peakMegabytes(pid as number)} MB`);
      await daemon.start();
      await eventually(() => home.spooled().length === 0, { timeoutMs: 40_000 });
      assertDelivery(daemon.received, 10_000);
    },
    { timeoutMs: 90_000 },
  );

  test("ends with 0 on SIGTERM, daemon or none, and leaves the spool as it is", async () => {
    await using run = open();
    const { home } = run;
    const shim = run.startShim();
    await eventually(() => run.log().includes("shim ready"), { timeoutMs: 20_000 });
    const name = home.spool("l1", "Stop", {});
    assert.is(await run.end(shim, "SIGTERM"), 0);
    assert.equal(home.spooled(), [name]);
    assert.match(run.log(), /"reason":"SIGTERM"/);
  });

  test("one per home: a second one leaves with 0, the first goes on", async () => {
    await using run = open();
    const first = run.startShim();
    await eventually(() => run.log().includes("shim ready"), { timeoutMs: 20_000 });
    const second = run.startShim();
    assert.is(await run.exit(second), 0);
    assert.is(first.exitCode, null);
    await run.end(first, "SIGKILL");
    run.startShim();
    await eventually(() => run.log().split("shim ready").length === 3, { timeoutMs: 20_000 });
  });

  test("ends when AO_HOME is gone", async () => {
    await using run = open();
    const shim = run.startShim();
    await eventually(() => run.log().includes("shim ready"), { timeoutMs: 20_000 });
    renameSync(run.home.paths.home, `${run.home.paths.home}.gone`);
    assert.is(await run.exit(shim), 0);
    assert.not(existsSync(run.home.paths.home), "nothing is made again");
  });
});

function open() {
  const dir = tempDir();
  const home = makeHome(`${dir.path}/home`);
  const daemon = createRecordingDaemon(home.paths.socketPath);
  const shims: ChildProcess[] = [];
  const exit = (shim: ChildProcess): Promise<number | null> =>
    shim.exitCode === null && shim.signalCode === null
      ? new Promise((done) => shim.on("exit", (code) => done(code)))
      : Promise.resolve(shim.exitCode);
  const end = (shim: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
    shim.kill(signal);
    return exit(shim);
  };
  return {
    home,
    daemon,
    exit,
    end,
    startShim(): ChildProcess {
      const env = { ...process.env, AO_HOME: home.paths.home, AO_RUN_DIR: home.paths.runDir };
      const shim = spawn(process.execPath, ["src/shim/main.ts"], {
        env,
        stdio: ["ignore", "inherit", "inherit"],
      });
      shims.push(shim);
      return shim;
    },
    log: () => (existsSync(home.paths.shimLogPath) ? readFileSync(home.paths.shimLogPath, "utf8") : ""),
    async [Symbol.asyncDispose]() {
      await Promise.all(shims.map((shim) => end(shim, "SIGKILL")));
      await daemon.kill();
      dir[Symbol.dispose]();
    },
  };
}

/** Most memory the process ever held. */
function peakMegabytes(pid: number): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1]) / 1024;
}
