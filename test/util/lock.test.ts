import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as assert from "uvu/assert";
import { acquireLock, isLock, type Lock } from "../../src/util/lock.ts";
import { readLockHolder } from "../../src/util/lock-holder.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const HOLDER = join(import.meta.dirname, "lock-holder.ts");

interface Holder extends AsyncDisposable {
  child: ChildProcess;
  pid: number;
  said: string;
  kill(): Promise<void>;
}

async function startHolder(path: string, startAt = 0): Promise<Holder> {
  const child = spawn(process.execPath, [HOLDER, path, String(startAt)], { stdio: ["pipe", "pipe", "pipe"] });
  const closed = once(child, "close");
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const [said] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    closed.then(() => [`ended: ${errors}`]),
  ]);
  const kill = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  return { child, pid: child.pid as number, said: said + errors, kill, [Symbol.asyncDispose]: kill };
}

async function mustAcquire(path: string): Promise<Lock> {
  const taken = await acquireLock(path, { pid: process.pid });
  if (isLock(taken)) return taken;
  throw new Error(`held by ${taken.heldBy}`);
}

suite("lock", ({ test }) => {
  test("a second process loses and learns the holder's pid; nothing is printed", async () => {
    using dir = tempDir();
    const path = join(dir.path, "daemon.lock");
    await using holder = await startHolder(path);
    assert.is(holder.said, "won");
    assert.equal(await acquireLock(path, { pid: process.pid }), { heldBy: holder.pid });
    await using second = await startHolder(path);
    assert.is(second.said, `lost to ${holder.pid}`);
  });

  test("kill -9 of the holder frees it", async () => {
    using dir = tempDir();
    const path = join(dir.path, "daemon.lock");
    for (let round = 0; round < 3; round++) {
      await using holder = await startHolder(path);
      assert.is(holder.said, "won");
      await holder.kill();
      const lock = await mustAcquire(path);
      assert.match(readFileSync(`${path}.pid`, "utf8"), new RegExp(`^${process.pid} \\d*\n\\{.*\\}\n$`));
      await lock.release();
    }
  });

  test("a pid that is another process's by now is not reported", async () => {
    if (process.platform !== "linux") return;
    using dir = tempDir();
    const path = join(dir.path, "lock");
    // Left by a holder that was killed; this process got its pid later.
    writeFileSync(`${path}.pid`, `${process.pid} 1\n`);
    assert.is(await readLockHolder(path), undefined);
    writeFileSync(`${path}.pid`, `${process.pid}\n`);
    assert.is(await readLockHolder(path), process.pid, "written by an ao that did not know better");
  });

  test("a pid left by a killed holder is not reported", async () => {
    using dir = tempDir();
    const path = join(dir.path, "daemon.lock");
    await using holder = await startHolder(path);
    const stale = readFileSync(`${path}.pid`);
    await holder.kill();
    const lock = await mustAcquire(path);
    writeFileSync(`${path}.pid`, stale);
    assert.equal(await acquireLock(path, { pid: process.pid }), { heldBy: undefined });
    await lock.release();
  });

  test("a holder of another host or container is named with its host, never by a pid that means another process here", async () => {
    if (process.platform !== "linux") return;
    using dir = tempDir();
    const path = join(dir.path, "lock");
    await using holder = await startHolder(path);
    assert.is(holder.said, "won");
    const there = { place: "another-boot pid:[1]", host: "web1", note: "/run/ao.sock" };
    writeFileSync(`${path}.pid`, `${process.pid} \n${JSON.stringify(there)}\n`);
    assert.equal(await acquireLock(path, { pid: process.pid }), {
      heldBy: undefined,
      elsewhere: { host: "web1", pid: process.pid },
      note: "/run/ao.sock",
    });
    assert.is(await readLockHolder(path), undefined);
  });

  test(
    "of two that try at once exactly one wins, 20 times",
    async () => {
      using dir = tempDir();
      for (let round = 0; round < 20; round++) {
        const path = join(dir.path, `race-${round}`);
        const startAt = Date.now() + 300;
        const [one, two] = await Promise.all([startHolder(path, startAt), startHolder(path, startAt)]);
        const winners = [one, two].filter((holder) => holder.said === "won");
        await Promise.all([one.kill(), two.kill()]);
        assert.is(winners.length, 1, `round ${round}: ${one.said} / ${two.said}`);
      }
    },
    { timeoutMs: 120_000 },
  );

  test("one process cannot take it twice, also at once, and can again after release", async () => {
    using dir = tempDir();
    const path = join(dir.path, "x.lock");
    const taken = await Promise.all([1, 2, 3].map(() => acquireLock(path, { pid: process.pid })));
    const locks = taken.filter(isLock);
    assert.is(locks.length, 1);
    await locks[0]?.release();
    await locks[0]?.release();
    await (await mustAcquire(path)).release();
    assert.equal(readdirSync(dir.path), ["x.lock"]);
  });

  test("the loser inside the holder's own process does not free the lock for others", async () => {
    using dir = tempDir();
    const path = join(dir.path, "x.lock");
    const lock = await mustAcquire(path);
    assert.not(isLock(await acquireLock(path, { pid: process.pid })));
    await using other = await startHolder(path);
    assert.is(other.said, `lost to ${process.pid}`);
    await lock.release();
  });

  test("both files are private whatever the umask", async () => {
    using dir = tempDir();
    const path = join(dir.path, "x.lock");
    const before = process.umask(0);
    try {
      const lock = await mustAcquire(path);
      assert.equal(
        [path, `${path}.pid`].map((file) => statSync(file).mode & 0o777),
        [0o600, 0o600],
      );
      await lock.release();
    } finally {
      process.umask(before);
    }
  });

  test("a directory that is not there is an error, not a held lock", async () => {
    using dir = tempDir();
    const failure = await acquireLock(join(dir.path, "none", "x"), { pid: 1 }).catch((error) => error);
    assert.is(failure.code, "ENOENT");
  });
});
