import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { createShimSupervisor } from "../../src/daemon/shim-supervisor.ts";
import { isAlive } from "../../src/util/is-alive.ts";
import { readLockHolder } from "../../src/util/lock-holder.ts";
import { silentLog } from "../../src/util/log.ts";
import { sendSignal } from "../../src/util/send-signal.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

/** A supervisor of a program that writes its pid into a file for each start, and then does as the script says. */
function supervise(script: string) {
  const dir = tempDir();
  const file = `${dir.path}/starts`;
  let running: number | undefined;
  const supervisor = createShimSupervisor({
    command: ["/bin/sh", "-c", `echo $$ >>"$0"; ${script}`, file],
    env: { PATH: process.env.PATH },
    log: silentLog,
    runningPid: async () => (running !== undefined && isAlive(running) ? running : undefined),
  });
  const starts = () =>
    readFileSync(file, { encoding: "utf8", flag: "a+" }).split("\n").filter(Boolean).map(Number);
  return {
    supervisor,
    starts,
    /** Names the process that holds the lock. */
    hold: (pid: number) => {
      running = pid;
    },
    async end() {
      await supervisor.stop();
      for (const pid of starts()) sendSignal(pid, "SIGKILL");
      dir[Symbol.dispose]();
    },
  };
}

suite("shim supervisor", ({ test }) => {
  test("a shim of its own that ends is started again without waiting to be missed", async () => {
    const world = supervise("exec sleep 1000");
    try {
      world.supervisor.start();
      const first = await eventually(() => world.starts()[0]);
      world.supervisor.onStreams(1);
      process.kill(first, "SIGKILL");
      await eventually(() => !isAlive(first));
      await sleep(50);
      assert.is(world.starts().length, 1, "its stream is still open: the server will tell");
      world.supervisor.onStreams(0);
      await eventually(() => world.starts().length === 2);
    } finally {
      await world.end();
    }
  });

  test("one of an earlier daemon is adopted, and replaced when its stream ends with it", async () => {
    const older = supervise("exec sleep 1000");
    const world = supervise("exec sleep 1000");
    try {
      older.supervisor.start();
      const adopted = await eventually(() => older.starts()[0]);
      world.hold(adopted);
      world.supervisor.start();
      await sleep(100);
      world.supervisor.onStreams(1);
      assert.equal(world.starts(), []);
      process.kill(adopted, "SIGKILL");
      world.supervisor.onStreams(0);
      await eventually(() => world.starts().length === 1);
    } finally {
      await world.end();
      await older.end();
    }
  });

  test("one whose stream broke but who lives gets time to connect again", async () => {
    const older = supervise("exec sleep 1000");
    const world = supervise("exec sleep 1000");
    try {
      older.supervisor.start();
      world.hold(await eventually(() => older.starts()[0]));
      world.supervisor.start();
      world.supervisor.onStreams(1);
      world.supervisor.onStreams(0);
      await sleep(300);
      assert.equal(world.starts(), []);
    } finally {
      await world.end();
      await older.end();
    }
  });

  test("one that ends at once is started ever more slowly", async () => {
    const world = supervise("exit 1");
    try {
      world.supervisor.start();
      await sleep(2500);
      // A busy machine makes them fewer, never more.
      assert.ok(world.starts().length <= 6, `${world.starts().length} starts`);
      await eventually(() => world.starts().length >= 4, { timeoutMs: 20_000 });
    } finally {
      await world.end();
    }
  });
});

suite("shim of a real daemon", ({ test, before, after }) => {
  let daemon: RealDaemon;
  const shim = () => readLockHolder(daemon.paths.shimLockPath);
  const connected = async () => (await daemon.client.daemon.get()).shimConnected;
  const replaced = async () => {
    const killed = (await shim()) as number;
    process.kill(killed, "SIGKILL");
    const another = async () => {
      const pid = await shim();
      return pid !== undefined && pid !== killed && (await connected());
    };
    await eventually(another, { timeoutMs: 30_000 });
  };
  before(async () => {
    daemon = await createRealDaemon();
    await eventually(connected, { timeoutMs: 30_000 });
  });
  after(() => daemon.close());

  test("its child is killed: another connects", () => replaced());

  test("one it found when it came back is killed: another connects", async () => {
    const found = await shim();
    await daemon.kill();
    await daemon.start();
    await eventually(connected, { timeoutMs: 30_000 });
    assert.is(await shim(), found);
    await replaced();
  });
});
