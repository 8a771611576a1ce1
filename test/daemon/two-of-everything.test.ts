import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { isAlive } from "../../src/util/is-alive.ts";
import { readLockHolder } from "../../src/util/lock-holder.ts";
import { resolvePaths } from "../../src/util/paths.ts";
import { type CliWorld, createCliWorld } from "../cli/cli-world.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { logMessages, startDaemonProcess } from "./start-daemon-process.ts";

const ROOT = join(import.meta.dirname, "../..");
const SLOW = { timeoutMs: 120_000 };
const ROUNDS = 2;

suite("two of everything", ({ test, beforeEach, afterEach }) => {
  let world: CliWorld;
  const paths = () => resolvePaths(world.env);
  const pidOf = async () => (await world.ao(["status", "--json"])).json().daemon.pid as number;
  const waitReady = () =>
    eventually(async () => (await world.ao(["status"])).code === 0, { timeoutMs: 30_000, what: "a daemon" });

  beforeEach(() => {
    world = createCliWorld();
  });
  afterEach(() => world.dispose());

  test(
    "ten commands at once on a home that is not there yet: one daemon, ten right answers",
    async () => {
      const results = await Promise.all(Array.from({ length: 10 }, () => world.ao(["ls", "--json"])));
      assert.equal(
        results.map(({ code, err }) => ({ code, err })),
        results.map(() => ({ code: 0, err: "" })),
      );
      for (const result of results) assert.equal(result.json().sessions, []);
      const ready = logMessages(paths().daemonLogPath).filter((message) => message === "daemon ready");
      assert.is(ready.length, 1);
      assert.is(await pidOf(), await readLockHolder(paths().daemonLockPath));
    },
    SLOW,
  );

  test(
    "of two daemons started in the same instant one serves, the other says who does, killed ones being in the way",
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const both = [startDaemonProcess(world.env), startDaemonProcess(world.env)];
        const loser = await Promise.race(both.map(async (daemon) => ({ daemon, end: await daemon.ended })));
        const winner = both.find((daemon) => daemon !== loser.daemon)?.child;
        assert.equal([loser.end.code, loser.end.reason], [1, "ALREADY_RUNNING"], loser.end.message);
        assert.match(loser.end.message, new RegExp(`pid (${winner?.pid}|not known yet)\\) holds`));
        await waitReady();
        assert.is(await pidOf(), winner?.pid);
        // Leaves socket, lock file and pid file as they are.
        winner?.kill("SIGKILL");
        await both.find((daemon) => daemon !== loser.daemon)?.ended;
        assert.ok(existsSync(paths().socketPath) && existsSync(`${paths().daemonLockPath}.pid`));
      }
    },
    SLOW,
  );

  test(
    "a stopped (SIGSTOP) daemon keeps its home: the second names its pid and leaves everything alone",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const pid = await pidOf();
      process.kill(pid, "SIGSTOP");
      const { code, reason, message } = await startDaemonProcess(world.env).ended;
      process.kill(pid, "SIGCONT");
      assert.equal([code, reason], [1, "ALREADY_RUNNING"]);
      assert.match(message, `(pid ${pid})`);
      assert.is(await pidOf(), pid);
    },
    SLOW,
  );

  test(
    "a daemon of the same home with another socket directory: the second says where the first listens",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const second = await startDaemonProcess({ ...world.env, AO_RUN_DIR: join(world.directory, "r2") })
        .ended;
      assert.is(second.reason, "ALREADY_RUNNING");
      assert.match(second.hint, `It listens at "${paths().socketPath}"`);
    },
    SLOW,
  );

  test(
    "the socket is removed while the daemon runs: it makes it again, the same process, and says so",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const pid = await pidOf();
      unlinkSync(paths().socketPath);
      await waitReady();
      assert.is(await pidOf(), pid);
      assert.ok(logMessages(paths().daemonLogPath).some((message) => /socket was removed/.test(message)));
      rmSync(paths().runDir, { recursive: true });
      await waitReady();
      assert.is(await pidOf(), pid);
    },
    SLOW,
  );

  test(
    "the home is removed while daemon and shim run: both end, and touch nothing of the home that follows",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const old = [await pidOf(), await eventually(() => readLockHolder(paths().shimLockPath))];
      for (const pid of old) process.kill(pid, "SIGSTOP");
      rmSync(paths().home, { recursive: true });
      assert.is((await world.ao(["start"])).code, 0);
      const pid = await pidOf();
      const shim = await eventually(() => readLockHolder(paths().shimLockPath));
      for (const one of old) process.kill(one, "SIGCONT");
      await eventually(() => old.every((one) => !isAlive(one)), { timeoutMs: 30_000, what: "their end" });
      // Longer than the new ones need to notice that something of theirs was taken away.
      await sleep(1500);
      assert.equal([await pidOf(), await readLockHolder(paths().shimLockPath)], [pid, shim]);
    },
    SLOW,
  );

  test(
    "the token is lost or changed: commands and doctor say what to do, `ao restart` does it",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const spoil = [() => unlinkSync(paths().tokenPath), () => writeFileSync(paths().tokenPath, "x\n")];
      for (const change of spoil) {
        const pid = Number(readFileSync(`${paths().daemonLockPath}.pid`, "utf8").split(" ")[0]);
        change();
        const refused = await world.ao(["ls"]);
        assert.is(refused.code, 1);
        assert.match(refused.err, /no valid token.*\n.*`ao restart`/);
        const doctor = await world.ao(["doctor", "--json"]);
        assert.equal([doctor.code, doctor.json().checks[0].name], [3, "daemon"]);
        const restarted = await world.ao(["restart", "--json"]);
        assert.equal([restarted.code, restarted.json().stoppedPid], [0, pid], restarted.err);
        assert.is((await world.ao(["ls"])).code, 0);
      }
    },
    SLOW,
  );

  test(
    "a daemon of an older version: commands work and say so once, `ao restart` brings the new one",
    async () => {
      const old = join(world.directory, "old");
      for (const part of ["src", "gen", "bin"])
        cpSync(join(ROOT, part), join(old, part), { recursive: true });
      rmSync(join(old, "bin/.build"), { recursive: true, force: true });
      symlinkSync(join(ROOT, "node_modules"), join(old, "node_modules"));
      const current = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
      writeFileSync(join(old, "package.json"), JSON.stringify({ ...current, version: "0.0.9" }));
      const daemon = startDaemonProcess(world.env, [process.execPath, join(old, "src/daemon/main.ts")]);
      await waitReady();
      assert.is(await pidOf(), daemon.child.pid);
      const listed = await world.ao(["ls"]);
      const note = `note: the daemon is still ao 0.0.9, this is ao ${current.version}: \`ao restart\` starts the new one`;
      assert.equal([listed.code, listed.err.split(note).length], [0, 2], listed.err);
      assert.is((await world.ao(["ls", "--json"])).err, "");
      const restarted = (await world.ao(["restart", "--json"])).json();
      assert.equal([restarted.stoppedPid, restarted.daemon.version], [daemon.child.pid, current.version]);
      assert.not.match((await world.ao(["ls"])).err, /note/);
    },
    SLOW,
  );
});
