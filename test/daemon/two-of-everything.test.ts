import { existsSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { readLockHolder } from "../../src/util/lock-holder.ts";
import { type CliWorld, createCliWorld } from "../cli/cli-world.ts";
import { suite } from "../support/suite.ts";
import { logMessages, startDaemonProcess } from "./start-daemon-process.ts";

const SLOW = { timeoutMs: 120_000 };
const ROUNDS = 2;

suite("two of everything", ({ test, beforeEach, afterEach }) => {
  let world: CliWorld;

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
      const ready = logMessages(world.paths.daemonLogPath).filter((message) => message === "daemon ready");
      assert.is(ready.length, 1);
      assert.is(await world.daemonPid(), await readLockHolder(world.paths.daemonLockPath));
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
        await world.daemonReady();
        assert.is(await world.daemonPid(), winner?.pid);
        // Leaves socket, lock file and pid file as they are.
        winner?.kill("SIGKILL");
        await both.find((daemon) => daemon !== loser.daemon)?.ended;
        assert.ok(existsSync(world.paths.socketPath) && existsSync(`${world.paths.daemonLockPath}.pid`));
      }
    },
    SLOW,
  );

  test(
    "a stopped (SIGSTOP) daemon keeps its home: the second names its pid and leaves everything alone",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const pid = await world.daemonPid();
      process.kill(pid, "SIGSTOP");
      const { code, reason, message } = await startDaemonProcess(world.env).ended;
      process.kill(pid, "SIGCONT");
      assert.equal([code, reason], [1, "ALREADY_RUNNING"]);
      assert.match(message, `(pid ${pid})`);
      assert.is(await world.daemonPid(), pid);
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
      assert.match(second.hint, `It listens at "${world.paths.socketPath}"`);
    },
    SLOW,
  );
});
