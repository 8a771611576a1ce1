import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createClient } from "../../src/client/client.ts";
import { readLockHolder } from "../../src/util/lock-holder.ts";
import { resolvePaths } from "../../src/util/paths.ts";
import type { ChaosAgent } from "../chaos/rig/agents.ts";
import { shimPid } from "../chaos/rig/breaker.ts";
import { eventsLogged, fireHook, startQuietAgent, UNTROUBLED } from "../chaos/rig/hooks.ts";
import { startDaemonProcess } from "../daemon/start-daemon-process.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const SLOW = { timeoutMs: 120_000 };
/** A namespace in which nobody may watch anything, where the system lets one be made. */
const UNWATCHED = [
  "unshare",
  "-Ur",
  "sh",
  "-c",
  'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"',
  "sh",
] as const;

suite("hostile host", ({ test, before, after, beforeEach }) => {
  let daemon: RealDaemon;
  let agent: ChaosAgent;
  const fire = (event: string) => fireHook(daemon, agent, { event, payload: "{}" });
  const rowOf = async (name: string) => (await daemon.client.daemon.check()).find((row) => row.name === name);
  /** The most files a process may open from now on, for the length of `body`. */
  const withFiles = async (pid: number, files: number, body: () => Promise<void>) => {
    const set = (limit: string) => execFileSync("prlimit", [`--pid=${pid}`, `--nofile=${limit}:`]);
    const before = execFileSync("prlimit", [`--pid=${pid}`, "--nofile", "--output=SOFT", "--noheadings"], {
      encoding: "utf8",
    }).trim();
    set(String(files));
    try {
      await body();
    } finally {
      set(before);
    }
  };
  const filesOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

  before(async () => {
    daemon = await createRealDaemon();
  });
  after(() => daemon.close());
  beforeEach(async () => {
    agent = await startQuietAgent(daemon);
    await eventually(async () => (await daemon.client.daemon.get()).shimConnected, { timeoutMs: 20_000 });
  });

  test(
    "the shim can open no file more: hooks are untroubled, log and doctor say so, all arrive in order when it can",
    async () => {
      assert.equal(await fire("before"), UNTROUBLED);
      await eventsLogged(daemon, agent, ["before"]);
      const shim = (await shimPid(daemon)) ?? 0;
      await withFiles(shim, 4, async () => {
        for (let n = 0; n < 5; n++) assert.equal(await fire(`short-${n}`), UNTROUBLED);
        await eventually(() =>
          /for want of something|the spool cannot be read/.test(
            readFileSync(daemon.paths.shimLogPath, "utf8"),
          ),
        );
        const row = await rowOf("open files of shim");
        assert.is(row?.level, "warning");
        assert.match(row?.hint ?? "", /Raise the limit/);
      });
      await eventsLogged(daemon, agent, ["before", ...[0, 1, 2, 3, 4].map((n) => `short-${n}`)]);
      assert.is(await shimPid(daemon), shim, "the same shim");
      assert.is((await rowOf("open files of shim"))?.level, "ok");
    },
    SLOW,
  );

  test(
    "the daemon can open no file more: hooks are untroubled and still arrive, doctor names the limit, commands work after",
    async () => {
      const pid = daemon.pid();
      await withFiles(pid, filesOf(pid), async () => {
        for (let n = 0; n < 5; n++) assert.equal(await fire(`full-${n}`), UNTROUBLED);
        await eventsLogged(
          daemon,
          agent,
          [0, 1, 2, 3, 4].map((n) => `full-${n}`),
        );
        const rows = await daemon.client.daemon.check();
        const said = rows.filter(
          ({ level, hint }) => level !== "ok" && /limit of open files|Raise the limit/.test(hint),
        );
        assert.ok(said.length > 0, JSON.stringify(rows));
      });
      assert.is(daemon.pid(), pid);
      assert.is((await rowOf("open files of daemon"))?.level, "ok");
      assert.is((await rowOf("git"))?.level, "ok");
    },
    SLOW,
  );

  test("files others may read, and a clock that was set back: doctor names them and what to type", async () => {
    assert.is((await rowOf("files"))?.level, "ok");
    chmodSync(daemon.paths.tokenPath, 0o644);
    const open = await rowOf("files");
    assert.is(open?.level, "error");
    assert.match(open?.hint ?? "", `chmod go-rwx "${daemon.paths.tokenPath}"`);
    execFileSync("/bin/sh", ["-c", (open?.hint ?? "").replace(/^[^:]*: /, "")]);
    assert.is((await rowOf("files"))?.level, "ok");

    assert.is(await rowOf("clock"), undefined);
    const future = Date.now() / 1000 + 3600;
    utimesSync(daemon.paths.daemonLogPath, future, future);
    const clock = await rowOf("clock");
    assert.equal([clock?.level, /set back: .* 60 min/.test(clock?.detail ?? "")], ["warning", true]);
    utimesSync(daemon.paths.daemonLogPath, Date.now() / 1000, Date.now() / 1000);
  });

  const canUnwatch = spawnSync(UNWATCHED[0], [...UNWATCHED.slice(1), "true"]).status === 0;
  if (canUnwatch)
    test(
      "the system lets nobody watch directories: hooks arrive all the same, log and doctor name the limit",
      async () => {
        using dir = tempDir();
        const env = { PATH: process.env.PATH ?? "", HOME: dir.path, AO_HOME: join(dir.path, "ao") };
        const paths = resolvePaths(env);
        const started = startDaemonProcess(env, UNWATCHED);
        const client = await eventually(
          async () => {
            const token = readFileSync(paths.tokenPath, "utf8").trim();
            const attempt = createClient({ socketPath: paths.socketPath, token });
            if ((await attempt.daemon.get()).shimConnected) return attempt;
            attempt.close();
          },
          { timeoutMs: 30_000, what: "daemon and shim" },
        );
        const row = (await client.daemon.check()).find(({ name }) => name === "watches");
        assert.is(row?.level, "warning");
        assert.match(row?.hint ?? "", /sudo sysctl fs\.inotify\.max_user_instances=\d+\. .*none is lost/);
        execFileSync(join(import.meta.dirname, "../../bin/ao-hook"), ["demo", "Stop"], {
          env: { PATH: env.PATH, AO_SPOOL: paths.spoolDir, AO_LAUNCH_ID: "l0000000000000000000" },
          input: "{}",
        });
        await eventually(
          () => readdirSync(paths.spoolDir).filter((name) => !name.startsWith(".")).length === 0,
          {
            what: "the hook's file delivered",
          },
        );
        assert.match(readFileSync(paths.shimLogPath, "utf8"), /the spool cannot be watched/);
        const shim = await readLockHolder(paths.shimLockPath);
        await client.daemon.stop();
        client.close();
        await started.ended;
        await eventually(
          async () => shim === undefined || (await readLockHolder(paths.shimLockPath)) === undefined,
        );
      },
      SLOW,
    );
});
