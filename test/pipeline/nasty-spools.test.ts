import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { ChaosAgent } from "../chaos/rig/agents.ts";
import { readLog } from "../chaos/rig/audit.ts";
import { shimPid } from "../chaos/rig/breaker.ts";
import { eventsLogged, fireHook, loggedEvents, startQuietAgent, UNTROUBLED } from "../chaos/rig/hooks.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";

suite("nasty spools", ({ test, before, after, beforeEach }) => {
  let daemon: RealDaemon;
  let agent: ChaosAgent;
  const shimLog = () => readFileSync(daemon.paths.shimLogPath, "utf8");
  const fire = (event: string, payload: string | Buffer = "{}", wrapper?: string[]) =>
    fireHook(daemon, agent, { event, payload, wrapper });

  before(async () => {
    daemon = await createRealDaemon();
  });
  after(() => daemon.close());
  beforeEach(async () => {
    agent = await startQuietAgent(daemon);
    await eventually(async () => (await daemon.client.daemon.get()).shimConnected, { timeoutMs: 20_000 });
  });

  test("the spool is removed while everything runs: the next hook makes it again and arrives", async () => {
    assert.equal(await fire("before"), UNTROUBLED);
    await eventsLogged(daemon, agent, ["before"]);
    rmSync(daemon.paths.spoolDir, { recursive: true });
    assert.equal(await fire("after"), UNTROUBLED);
    await eventsLogged(daemon, agent, ["before", "after"]);
  });

  test("the spool is replaced by a file: hooks are untroubled, log and status say so, and it mends", async () => {
    rmSync(daemon.paths.spoolDir, { recursive: true });
    // The shim may be quicker and make it again.
    await eventually(() => {
      rmSync(daemon.paths.spoolDir, { recursive: true, force: true });
      writeFileSync(daemon.paths.spoolDir, "not a directory");
      return true;
    });
    assert.equal(await fire("gone"), UNTROUBLED);
    await eventually(() => shimLog().includes("the spool cannot be read"));
    const info = await daemon.client.daemon.get();
    assert.is(info.spoolFiles, 0);
    const checks = await daemon.client.daemon.check();
    const spool = checks.find(({ name }) => name === "spool");
    assert.is(spool?.level, "error");
    assert.match(spool?.detail ?? "", /ENOTDIR/);
    rmSync(daemon.paths.spoolDir);
    assert.equal(await fire("mended"), UNTROUBLED);
    await eventsLogged(daemon, agent, ["mended"]);
    await eventually(() => shimLog().includes("the spool can be read again"));
  });

  test("no room for the payload: the hook is untroubled, its event arrives without fields", async () => {
    // The limit of a file's size stands for a full disk: the file is made, nothing can be written to it.
    const limit = ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh"];
    // Root may raise a limit again, unless it gives that right away.
    const full = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-sys_resource", ...limit] : limit;
    assert.equal(await fire("full", `{"source":"${"x".repeat(5000)}"}`, full), UNTROUBLED);
    assert.equal(await fire("room", '{"source":"here"}'), UNTROUBLED);
    await eventsLogged(daemon, agent, ["full", "room"]);
    const rows = await readLog(daemon.client, agent);
    const [cut, whole] = rows
      .filter(({ signal }) => signal.kind === "hook")
      .map(({ signal }) => signal.fields);
    assert.is(cut?.source, undefined);
    assert.is(whole?.source, "here");
  });

  test("no room in the database: nothing is lost, the log says why, all arrive in order when there is room", async () => {
    const shim = await shimPid(daemon);
    const limit = (bytes: number | "unlimited") =>
      execFileSync("prlimit", [`--pid=${daemon.pid()}`, `--fsize=${bytes}:`]);
    limit(1);
    const events: string[] = [];
    for (let i = 0; i < 20; i++) {
      assert.equal(await fire(`full-${i}`), UNTROUBLED);
      events.push(`full-${i}`);
    }
    await eventually(() => shimLog().includes("no stream to the daemon"), { timeoutMs: 20_000 });
    assert.equal(await loggedEvents(daemon, agent), []);
    assert.is(readdirSync(daemon.paths.spoolDir).filter((name) => name.includes("full-")).length, 20);
    limit("unlimited");
    await eventsLogged(daemon, agent, events);
    assert.is(await shimPid(daemon), shim);
  });

  test("50 MB, not JSON, nothing at all, NUL bytes, half a character: each is an event", async () => {
    const huge = Buffer.alloc(50 * 1024 * 1024, "x");
    huge.write('{"session_id":"big","source":"head","filler":"');
    const payloads: [string, string | Buffer][] = [
      ["huge", huge],
      ["text", "this is no JSON"],
      ["empty", ""],
      ["zeros", Buffer.alloc(1000)],
      ["half", Buffer.from([0x7b, 0x22, 0xc3])],
      ["list", "[1,2,3]"],
      ["whole", '{"source":"whole"}'],
    ];
    for (const [event, payload] of payloads) assert.equal(await fire(event, payload), UNTROUBLED, event);
    await eventsLogged(
      daemon,
      agent,
      payloads.map(([event]) => event),
    );
    const rows = await readLog(daemon.client, agent);
    const fields = new Map(rows.map(({ signal }) => [signal.event, signal.fields]));
    assert.equal([fields.get("huge")?.partial, fields.get("huge")?.source], [true, "head"]);
    assert.is(fields.get("text")?.partial, true);
    assert.is(fields.get("whole")?.source, "whole");
  });

  test("what is no signal is put aside and told in the log and by doctor; signals pass it", async () => {
    mkdirSync(join(daemon.paths.spoolDir, `${agent.launchId}.1-0.dir`));
    writeFileSync(join(daemon.paths.spoolDir, "no grammar"), "x");
    assert.equal(await fire("passes"), UNTROUBLED);
    await eventsLogged(daemon, agent, ["passes"]);
    await eventually(() => existsSync(join(daemon.paths.spoolDir, ".rejected", "no grammar")));
    assert.match(shimLog(), /put aside a file that is no signal/);
    const checks = await daemon.client.daemon.check();
    assert.equal(
      checks.filter(({ name }) => name === "spool").map(({ level }) => level),
      ["warning"],
    );
  });
});
