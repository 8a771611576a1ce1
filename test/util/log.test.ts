import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createLog, silentLog } from "../../src/util/log.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const LOG_MODULE = join(import.meta.dirname, "../../src/util/log.ts");

function linesOf(path: string): Record<string, unknown>[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

suite("log", ({ test }) => {
  test("writes one JSON object a line, with its name, level and time, before it returns", () => {
    using dir = tempDir();
    const path = join(dir.path, "daemon.log");
    const log = createLog({ path, name: "daemon" });
    log.info({ session: "p-1" }, "spawned");
    log.child({ launch: "l1" }).warn({}, "slow");
    log.debug({}, "not at this level");
    const [first, second, ...more] = linesOf(path);
    assert.is(first?.msg, "spawned");
    assert.is(first?.level, "info");
    assert.is(first?.name, "daemon");
    assert.is(first?.session, "p-1");
    assert.ok(Number.isFinite(Date.parse(String(first?.time))));
    assert.is(second?.level, "warn");
    assert.is(second?.launch, "l1");
    assert.is(more.length, 0);
    log.close();
  });

  test("keeps an error's message and stack, and hides secrets", () => {
    using dir = tempDir();
    const path = join(dir.path, "daemon.log");
    const log = createLog({ path, name: "daemon" });
    log.error(
      { err: new Error("boom"), token: "s3cret", request: { environment: { KEY: "s3cret" } } },
      "failed",
    );
    const [line] = linesOf(path);
    const err = line?.err as { message: string; stack: string };
    assert.is(err.message, "boom");
    assert.match(err.stack, "log.test.ts");
    assert.not.match(readFileSync(path, "utf8"), "s3cret");
    log.close();
  });

  test("rotates by size, keeps as many as asked, loses no line of those", () => {
    using dir = tempDir();
    const path = join(dir.path, "x.log");
    const log = createLog({ path, name: "x", maxBytes: 2000, keep: 3 });
    for (let n = 0; n < 120; n++) log.info({ n }, "line");
    log.close();
    assert.equal(readdirSync(dir.path).sort(), ["x.log", "x.log.1", "x.log.2", "x.log.3"]);
    const kept = ["x.log.3", "x.log.2", "x.log.1", "x.log"].flatMap((file) => linesOf(join(dir.path, file)));
    const first = Number(kept[0]?.n);
    assert.ok(kept.length > 40 && first > 0);
    assert.equal(
      kept.map((line) => line.n),
      kept.map((_, index) => first + index),
    );
    assert.is(kept.at(-1)?.n, 119);
    for (const file of readdirSync(dir.path)) assert.ok(statSync(join(dir.path, file)).size <= 2000, file);
  });

  test("goes on where an earlier process stopped", () => {
    using dir = tempDir();
    const path = join(dir.path, "x.log");
    for (let round = 0; round < 3; round++) {
      const log = createLog({ path, name: "x", maxBytes: 250, keep: 9 });
      log.info({ round }, "a line of more than eighty characters, counting what pino itself puts around it");
      log.close();
    }
    assert.equal(readdirSync(dir.path).sort(), ["x.log", "x.log.1", "x.log.2"]);
  });

  test("files are private whatever the umask", () => {
    using dir = tempDir();
    const before = process.umask(0);
    try {
      const log = createLog({ path: join(dir.path, "x.log"), name: "x", maxBytes: 10, keep: 1 });
      log.info({}, "one");
      log.info({}, "two");
      log.close();
      for (const file of readdirSync(dir.path)) assert.is(statSync(join(dir.path, file)).mode & 0o777, 0o600);
    } finally {
      process.umask(before);
    }
  });

  test("the last line before a kill -9 is there", () => {
    using dir = tempDir();
    const path = join(dir.path, "x.log");
    const program = `import { createLog } from ${JSON.stringify(LOG_MODULE)};
      createLog({ path: ${JSON.stringify(path)}, name: "x" }).info({}, "last words");
      process.kill(process.pid, "SIGKILL");`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    assert.is(run.signal, "SIGKILL");
    assert.is(linesOf(path)[0]?.msg, "last words");
  });

  test("a full disk costs lines, not the process, and says so afterwards", () => {
    // RLIMIT_FSIZE makes a real write fail (EFBIG) half-way through a line.
    using dir = tempDir();
    const path = join(dir.path, "x.log");
    const program = `import { createLog } from ${JSON.stringify(LOG_MODULE)};
      import { truncateSync } from "node:fs";
      process.on("SIGXFSZ", () => undefined);
      const log = createLog({ path: ${JSON.stringify(path)}, name: "x", maxBytes: 1e9, keep: 1 });
      for (let n = 0; n < 40; n++) log.info({ n, filler: "x".repeat(100) }, "line");
      truncateSync(${JSON.stringify(path)});
      log.info({}, "room again");`;
    const limited = [
      "-c",
      'ulimit -f 4; exec "$@"',
      "sh",
      process.execPath,
      "--input-type=module",
      "-e",
      program,
    ];
    const run = spawnSync("sh", limited, { encoding: "utf8" });
    assert.is(run.status, 0, run.stderr);
    const [notice, line, ...more] = linesOf(path);
    assert.is(notice?.msg, "log lines were lost");
    assert.ok(Number(notice?.lost) > 5 && Number(notice?.lost) < 40);
    assert.is(line?.msg, "room again");
    assert.is(more.length, 0);
  });

  test("the silent log takes everything and keeps nothing", () => {
    silentLog.child({ a: 1 }).error({ err: new Error("x") }, "nothing");
  });
});
