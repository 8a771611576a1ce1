import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import * as assert from "uvu/assert";
import { isAlive } from "../../src/util/is-alive.ts";
import { readLockHolder } from "../../src/util/lock-holder.ts";
import { type CliWorld, createCliWorld } from "../cli/cli-world.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { logMessages, startDaemonProcess } from "./start-daemon-process.ts";

const ROOT = join(import.meta.dirname, "../..");
const SLOW = { timeoutMs: 120_000 };

suite("lost ground", ({ test, beforeEach, afterEach }) => {
  let world: CliWorld;

  beforeEach(() => {
    world = createCliWorld();
  });
  afterEach(() => world.dispose());

  test(
    "the socket is removed while the daemon runs: it makes it again, the same process, and says so",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const pid = await world.daemonPid();
      unlinkSync(world.paths.socketPath);
      await world.daemonReady();
      assert.is(await world.daemonPid(), pid);
      assert.ok(logMessages(world.paths.daemonLogPath).some((message) => /socket was removed/.test(message)));
      rmSync(world.paths.runDir, { recursive: true });
      await world.daemonReady();
      assert.is(await world.daemonPid(), pid);
    },
    SLOW,
  );

  test(
    "the database is removed while the daemon runs: it writes it again, and loses nothing",
    async () => {
      await world.ao(["project", "add", "."]);
      await world.ao(["spawn", "-a", "demo", "--prompt", "hi", "--wait"]);
      const pid = await world.daemonPid();
      const path = world.paths.databasePath;
      for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
      await world.ao(["session", "rename", "web-1", "late"]);
      await eventually(() => existsSync(path), { timeoutMs: 30_000, what: "the database" });
      await world.daemonReady();
      assert.is(await world.daemonPid(), pid);
      assert.is((await world.ao(["session", "get", "web-1", "--json"])).json().session.name, "late");
      assert.ok(
        logMessages(world.paths.daemonLogPath).some((message) => /database was removed/.test(message)),
      );
    },
    SLOW,
  );

  test(
    "another database is put in its place: the daemon goes on with that, and keeps the one it had",
    async () => {
      await world.ao(["project", "add", "."]);
      await world.ao(["spawn", "-a", "demo", "--prompt", "hi", "--wait"]);
      await world.ao(["session", "rename", "web-1", "early"]);
      await world.ao(["stop"]);
      const path = world.paths.databasePath;
      cpSync(path, `${path}.copy`);
      await world.ao(["session", "rename", "web-1", "late"]);
      renameSync(`${path}.copy`, path);
      const name = async () => (await world.ao(["session", "get", "web-1", "--json"])).json().session?.name;
      await eventually(async () => (await name()) === "early", {
        timeoutMs: 60_000,
        what: "the former state",
      });
      const kept = readdirSync(world.paths.home).filter((file) => file.startsWith("ao.db.replaced-"));
      assert.is(kept.length, 1);
      const database = new Sqlite(join(world.paths.home, String(kept[0])), { readonly: true });
      const [row] = database.prepare<{ name: string }>("select name from session").all();
      database.close();
      assert.is(row?.name, "late");
      const doctor = await world.ao(["doctor"]);
      assert.match(doctor.out, /✓ database/);
    },
    SLOW,
  );

  test(
    "the home is removed while daemon and shim run: both end, and touch nothing of the home that follows",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const old = [await world.daemonPid(), await eventually(() => readLockHolder(world.paths.shimLockPath))];
      for (const pid of old) process.kill(pid, "SIGSTOP");
      rmSync(world.paths.home, { recursive: true });
      assert.is((await world.ao(["start"])).code, 0);
      const pid = await world.daemonPid();
      const shim = await eventually(() => readLockHolder(world.paths.shimLockPath));
      for (const one of old) process.kill(one, "SIGCONT");
      await eventually(() => old.every((one) => !isAlive(one)), { timeoutMs: 30_000, what: "their end" });
      // Longer than the new ones need to notice that something of theirs was taken away.
      await sleep(1500);
      assert.equal([await world.daemonPid(), await readLockHolder(world.paths.shimLockPath)], [pid, shim]);
    },
    SLOW,
  );

  test(
    "the token is lost or changed: commands and doctor say what to do, `ao restart` does it",
    async () => {
      assert.is((await world.ao(["start"])).code, 0);
      const spoil = [
        () => unlinkSync(world.paths.tokenPath),
        () => writeFileSync(world.paths.tokenPath, "x\n"),
      ];
      for (const change of spoil) {
        const pid = Number(readFileSync(`${world.paths.daemonLockPath}.pid`, "utf8").split(" ")[0]);
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
      await world.daemonReady();
      assert.is(await world.daemonPid(), daemon.child.pid);
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
