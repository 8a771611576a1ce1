import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer as createSocket } from "node:net";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { AoError } from "../../src/core/errors.ts";
import { prepareSocket } from "../../src/server/socket.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { startServer } from "./running-server.ts";

const reasonOf = (path: string) =>
  prepareSocket(path).then(
    () => "free",
    (error: AoError) => error.reason,
  );

suite("server/socket", ({ test }) => {
  test("the directory is made private", async () => {
    using directory = tempDir();
    const path = join(directory.path, "run", "s");
    assert.is(await reasonOf(path), "free");
    assert.is(statSync(join(directory.path, "run")).mode & 0o777, 0o700);
  });

  test("a directory others may enter is refused", async () => {
    using directory = tempDir();
    const run = join(directory.path, "run");
    mkdirSync(run);
    chmodSync(run, 0o750);
    assert.is(await reasonOf(join(run, "s")), "SOCKET_UNUSABLE");
  });

  test("a path of more than 107 bytes is refused with its length", async () => {
    const path = `/tmp/${"x".repeat(110)}/s`;
    const error = await prepareSocket(path).catch((thrown: AoError) => thrown);
    assert.equal([error?.reason, error?.metadata.bytes], ["SOCKET_PATH_TOO_LONG", path.length]);
    assert.not.ok(existsSync(path));
  });

  test("a file that is no socket stays where it is", async () => {
    using directory = tempDir();
    const path = join(directory.path, "s");
    writeFileSync(path, "mine");
    assert.is(await reasonOf(path), "SOCKET_UNUSABLE");
    assert.ok(existsSync(path));
  });

  test("the socket of a process that was killed is taken away", async () => {
    using directory = tempDir();
    const path = join(directory.path, "s");
    const code = `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`;
    const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    assert.ok(existsSync(path));
    assert.is(await reasonOf(path), "free");
    assert.not.ok(existsSync(path));
  });

  test("a socket somebody answers on is left alone", async () => {
    using directory = tempDir();
    const path = join(directory.path, "s");
    const listener = createSocket().listen(path);
    await once(listener, "listening");
    assert.is(await reasonOf(path), "ALREADY_RUNNING");
    assert.ok(existsSync(path));
    listener.close();
  });

  test("a stop leaves no socket behind, and the next server binds the same path", async () => {
    await using running = await startServer();
    await running.server.stop(500);
    assert.not.ok(existsSync(running.socketPath));
    await running.restart();
    assert.is((await running.client.sessions.get("web-1")).id, "web-1");
  });
});
