import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as assert from "uvu/assert";
import { createClient } from "../../src/client/client.ts";
import { resolvePaths } from "../../src/util/paths.ts";
import { type CliWorld, createCliWorld, processesOf } from "../cli/cli-world.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";

const SLOW = { timeoutMs: 150_000 };
const BIN = join(import.meta.dirname, "../../bin/ao");

/** Everything ao keeps, less what is git's and the agents' own below the private directory of the worktrees. */
function kept(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("worktrees/"))
    .map((path) => join(home, path));
}

/** Paths that anybody but their owner may do anything with. */
function openPaths(home: string): string[] {
  return [home, ...kept(home)]
    .filter((path) => (lstatSync(path).mode & 0o077) !== 0 && !lstatSync(path).isSymbolicLink())
    .map((path) => `${relative(home, path)} ${(statSync(path).mode & 0o777).toString(8)}`);
}

/** argv and environment of every process of the world, as another program could read them. */
function processTexts(directory: string): string[] {
  const read = (pid: number, name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, "latin1");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ESRCH") return "";
      throw error;
    }
  };
  return processesOf(directory).flatMap((pid) => [read(pid, "cmdline"), read(pid, "environ")]);
}

suite("secrets", ({ test, beforeEach, afterEach }) => {
  let world: CliWorld;
  const home = () => world.env.AO_HOME ?? "";
  const ok = async (...args: string[]) => {
    const result = await world.ao(args);
    assert.is(result.code, 0, `ao ${args.join(" ")}: ${result.err}`);
    return result;
  };
  /** Starts the daemon under an umask, then lives a whole life: two agents, a message, a kill, a removal with work in it. */
  const live = async (umask: string) => {
    execFileSync("/bin/sh", ["-c", `umask ${umask}; exec "$0" start`, BIN], {
      env: world.env,
      stdio: "ignore",
    });
    await ok("project", "add", ".");
    const spawn = ["spawn", "--agent", "demo", "--prompt", "hello", "--wait", "--json"];
    const first = (await ok(...spawn)).json().session;
    await ok(...spawn, "--runtime", "process");
    await ok("send", first.id, "again");
    writeFileSync(join(first.workspace.path, "untracked"), "work");
    return first.id as string;
  };

  /** No token stands anywhere but in its own file: no argv, environment, log, database or error text. */
  const assertTokensKept = async () => {
    const tokenFiles = kept(home()).filter((path) => path.endsWith("/token"));
    const tokens = tokenFiles.map((path) => readFileSync(path, "utf8").trim());
    assert.is(tokens.length, 3, "the operator's and one per launch");
    for (const token of tokens) assert.ok(token.length >= 32);
    const secrets = tokens.map((token) => token.split(".").at(-1) ?? token);
    const leaks = (where: string, text: string) =>
      secrets.filter((secret) => text.includes(secret)).map(() => where);

    const refused = await world.ao(["ls"], {
      env: { AO_ADDRESS: "127.0.0.1:1", AO_TOKEN: tokens[0] ?? "" },
    });
    const failed = await world.ao(["session", "get", tokens[1] ?? ""]);
    assert.ok(refused.code !== 0 && failed.code !== 0);
    const processes = processTexts(world.directory);
    assert.ok(processes.length > 6, "agents are looked at");
    const found = [
      ...leaks("a process", processes.join("\0")),
      ...leaks("an error", refused.err),
      ...readdirSync(home(), { recursive: true, encoding: "utf8" })
        .map((path) => join(home(), path))
        .filter((path) => !tokenFiles.includes(path) && statSync(path).isFile())
        .flatMap((path) => leaks(relative(home(), path), readFileSync(path, "latin1"))),
    ];
    assert.equal(found, []);
  };

  beforeEach(() => {
    world = createCliWorld();
  });
  afterEach(() => world.dispose());

  for (const umask of ["000", "777"]) {
    test(
      `under umask ${umask} everything ao keeps is its owner's alone for a whole life, and tokens stand in their own files alone`,
      async () => {
        const id = await live(umask);
        // What hooks and agents write themselves comes while they run.
        assert.equal(openPaths(home()), []);
        const files = kept(home()).map((path) => relative(home(), path));
        for (const expected of [
          "ao.db-wal",
          "ao.db-shm",
          "token",
          "run/ao.sock",
          "shim.log",
          "daemon.lock.pid",
        ])
          assert.ok(files.includes(expected), expected);
        await assertTokensKept();
        await ok("session", "kill", id, "--grace", "1s");
        await ok("session", "rm", id);
        await ok("restart");
        await ok("doctor");
        assert.equal(openPaths(home()), []);
        await ok("stop");
        assert.equal(openPaths(home()), []);
      },
      SLOW,
    );
  }

  test(
    "a session's token opens its own session alone; after a restore the old one only adds to the past; after the removal nothing",
    async () => {
      await ok("project", "add", ".");
      const spawn = ["spawn", "--agent", "demo", "--prompt", "hello", "--wait", "--json"];
      const a = (await ok(...spawn)).json().session;
      const b = (await ok(...spawn)).json().session;
      const { socketPath, sessionsDir } = resolvePaths(world.env);
      const tokenOf = (session: string, launch: string) =>
        readFileSync(join(sessionsDir, session, launch, "token"), "utf8").trim();
      const as = (token: string) => createClient({ socketPath, token });
      const reasonOf = (call: Promise<unknown>) =>
        call.then(
          () => "allowed",
          (error: { reason: string }) => error.reason,
        );
      const oldToken = tokenOf(a.id, a.launchId);
      const own = as(oldToken);
      const report = (launchId: string, id: string) => ({
        id,
        launchId,
        kind: "report" as const,
        event: "Stop",
        seq: 0,
        observedTime: Date.now(),
        harness: "demo",
        fields: {},
      });
      assert.is((await own.sessions.get(a.id)).id, a.id);
      assert.is(await reasonOf(own.sessions.get(b.id)), "PERMISSION_DENIED");
      assert.is(await reasonOf(own.activity.report(report(b.launchId, "x"))), "PERMISSION_DENIED");
      assert.is(await reasonOf(own.activity.list({ sessionId: a.id })), "PERMISSION_DENIED");
      assert.is(await reasonOf(own.sessions.kill({ sessionId: a.id })), "PERMISSION_DENIED");
      // The launch of one with the secret of the other, and one's own with a letter changed.
      const [, secretB = ""] = tokenOf(b.id, b.launchId).split(".");
      for (const forged of [
        `${a.launchId}.${secretB}`,
        `${oldToken.slice(0, -1)}${oldToken.endsWith("A") ? "B" : "A"}`,
      ])
        assert.is(await reasonOf(as(forged).sessions.get(a.id)), "UNAUTHENTICATED");

      await ok("session", "kill", a.id, "--grace", "1s");
      const restored = (await ok("session", "restore", a.id, "--json")).json();
      const launch = restored.session?.launchId ?? restored.sessions?.[0]?.launchId;
      assert.not.equal(launch, a.launchId);
      assert.is((await own.activity.report(report(a.launchId, "late"))).outcome, "stale_launch");
      assert.is(await reasonOf(own.activity.report(report(launch, "forged"))), "PERMISSION_DENIED");
      await ok("session", "kill", a.id, "--grace", "1s");
      await ok("session", "rm", a.id);
      await eventually(async () => (await reasonOf(own.sessions.get(a.id))) === "UNAUTHENTICATED");
      own.close();
    },
    SLOW,
  );
});
