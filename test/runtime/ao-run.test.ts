import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { StartRequest } from "../../src/core/ports/runtime.ts";
import { writeCommandFile } from "../../src/runtime/command-file.ts";
import { sendSignal } from "../../src/util/send-signal.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { AO_RUN, launchOf, record, records } from "./fixture.ts";

const SHELLS = [
  ["sh", "/bin/sh"],
  ["dash", "/bin/dash"],
  ["bash", "/bin/bash"],
  ["bash as sh", "/bin/bash --posix"],
  ["busybox ash", "/bin/busybox ash"],
] as const;

/** Starts a launcher in a process group of its own, so that a test may signal the group as a terminal does. */
async function launch(request: StartRequest, aoRun = AO_RUN): Promise<ChildProcess> {
  await writeCommandFile(request);
  const options = { env: request.env, stdio: ["ignore", "ignore", "ignore"] as const, detached: true };
  return spawn(aoRun, [request.launchDir], { ...options, stdio: [...options.stdio] });
}

async function runToEnd(root: string, script: string, aoRun?: string) {
  const request = launchOf(root, ["/bin/sh", "-c", `ulimit -c 0; ${script}`]);
  const child = await launch(request, aoRun);
  const [status] = (await once(child, "exit")) as [number];
  const { pid, ...end } = records(request, "exited")[0] ?? {};
  return { request, status, pid, end };
}

/** How each script must be told, whatever the shell. */
const ENDS: [string, number, object][] = [
  ["exit 0", 0, { exit_code: 0 }],
  ["exit 3", 3, { exit_code: 3 }],
  ["exit 129", 129, { exit_code: 129 }],
  ["exit 137", 137, { exit_code: 137 }],
  ["exit 139", 139, { exit_code: 139 }],
  ["exit 143", 143, { exit_code: 143 }],
  ["exit 145", 145, { exit_code: 145 }],
  ["exit 147", 147, { exit_code: 147 }],
  ["exit 200", 200, { exit_code: 200 }],
  ["exit 255", 255, { exit_code: 255 }],
  ["kill -HUP $$", 129, { exit_signal: "SIGHUP" }],
  ["kill -INT $$", 130, { exit_signal: "SIGINT" }],
  ["kill -ABRT $$", 134, { exit_signal: "SIGABRT" }],
  ["kill -KILL $$", 137, { exit_signal: "SIGKILL" }],
  ["kill -SEGV $$", 139, { exit_signal: "SIGSEGV" }],
  ["kill -PIPE $$", 141, { exit_signal: "SIGPIPE" }],
  ["kill -TERM $$", 143, { exit_signal: "SIGTERM" }],
];

/** Codes that look like SIGINT and SIGPIPE to a shell that has its child in the foreground. */
const LIKE_A_SIGNAL: [string, number, object][] = [
  ["exit 130", 130, { exit_code: 130 }],
  ["exit 141", 141, { exit_code: 141 }],
];

suite("ao-run: how an agent ended, in every shell", ({ test }) => {
  const present = SHELLS.filter(([, path]) => existsSync(path.split(" ")[0] as string));
  for (const [name, path] of present)
    test(name, async () => {
      using root = tempDir();
      const copy = join(root.path, "ao-run");
      writeFileSync(copy, readFileSync(AO_RUN, "utf8").replace("#!/bin/sh", `#!${path}`));
      chmodSync(copy, 0o700);
      for (const [script, status, end] of name === "dash" ? [...ENDS, ...LIKE_A_SIGNAL] : ENDS) {
        const told = await runToEnd(root.path, script, copy);
        assert.equal([script, told.status, told.end], [script, status, end]);
      }
    });
});

suite("ao-run: a hundred ends of each kind", ({ test }) => {
  const kinds = ["exit 0", "exit 3", "exit 137", "kill -KILL $$", "kill -TERM $$", "kill -SEGV $$"];
  test(
    "all are told right, each with the pid that started",
    async () => {
      using root = tempDir();
      const todo = kinds.flatMap((kind) => Array.from({ length: 100 }, () => kind));
      const wrong: unknown[] = [];
      const work = async () => {
        for (let kind = todo.pop(); kind; kind = todo.pop()) {
          const { end, pid, request } = await runToEnd(root.path, kind);
          const expected = ENDS.find(([script]) => script === kind)?.[2];
          const started = records(request, "started");
          const same = JSON.stringify(end) === JSON.stringify(expected);
          if (!same || started.length !== 1 || started[0]?.pid !== pid)
            wrong.push({ kind, end, pid, started });
        }
      };
      await Promise.all([work(), work(), work(), work()]);
      assert.equal(wrong, []);
      assert.is(readdirSync(join(root.path, "spool")).length, 2 * 100 * kinds.length);
    },
    { timeoutMs: 120_000 },
  );
});

suite("ao-run: outlives what ends its agent", ({ test }) => {
  for (const signal of ["SIGHUP", "SIGTERM", "SIGINT", "SIGQUIT"] as const)
    test(`${signal} to the whole group, again and again, until the record stands`, async () => {
      using root = tempDir();
      const request = launchOf(root.path, ["/bin/sh", "-c", "ulimit -c 0; kill -STOP $$; exec sleep 1000"]);
      const child = await launch(request);
      const { pid } = await record(request, "started");
      const ended = once(child, "exit");
      while (child.exitCode === null && child.signalCode === null) {
        if (records(request, "exited").length === 0) {
          process.kill(-(child.pid as number), signal);
          process.kill(-(child.pid as number), "SIGCONT");
        }
        await new Promise((done) => setTimeout(done, 1));
      }
      await ended;
      assert.equal(records(request, "exited"), [{ pid, exit_signal: signal }]);
    });

  test("SIGTERM to the launcher alone changes nothing", async () => {
    using root = tempDir();
    const request = launchOf(root.path, ["/bin/sh", "-c", "kill -STOP $$; exit 5"]);
    const child = await launch(request);
    const { pid } = await record(request, "started");
    await eventually(() => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") T "));
    process.kill(child.pid as number, "SIGTERM");
    process.kill(pid as number, "SIGCONT");
    await once(child, "exit");
    assert.equal(records(request, "exited"), [{ pid, exit_code: 5 }]);
  });

  test("makes the spool again when it is gone, private", async () => {
    using root = tempDir();
    const request = launchOf(root.path, ["/bin/sh", "-c", "kill -STOP $$; exit 5"]);
    const child = await launch(request);
    const { pid } = await record(request, "started");
    rmSync(request.spoolDir, { recursive: true });
    process.kill(pid as number, "SIGCONT");
    // SIGCONT may come before the agent has stopped itself.
    const again = setInterval(() => sendSignal(pid as number, "SIGCONT"), 20);
    await once(child, "exit");
    clearInterval(again);
    assert.equal(records(request, "exited"), [{ pid, exit_code: 5 }]);
  });
});

/** A mount of one's own needs a namespace of one's own, which some hosts refuse. */
const NAMESPACE = [["-m"], ["-Urm"]].find(
  (flags) => spawnSync("unshare", [...flags, "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0,
);

suite("ao-run: an agent that ends on a full disk", ({ test }) => {
  for (const [end, told] of [
    ["exit 7", '"exit_code":7'],
    ["kill -KILL $$", '"exit_signal":"SIGKILL"'],
  ] as const) {
    if (!NAMESPACE) continue;
    test(`${end}: its end is told`, async () => {
      using root = tempDir();
      const fill = `ulimit -c 0; cat /dev/zero >"$0/fill"; if echo >"$0/more"; then exit 99; fi; ${end}`;
      // Written twice: a mount hides what was there before.
      const request = launchOf(root.path, ["/bin/sh", "-c", fill, root.path]);
      await writeCommandFile(request);
      const command = readFileSync(join(request.launchDir, "command.sh"), "utf8");
      const script = [
        'mount -t tmpfs -o size=256k none "$1" && mkdir -p "$2" "$3" "$4"',
        'printf %s "$5" >"$2/command.sh"; "$6" "$2" >&2',
        'cat "$4"/*ao-process-exited',
      ].join("; ");
      const args = [root.path, request.launchDir, request.cwd, request.spoolDir, command, AO_RUN];
      const run = spawnSync("unshare", [...NAMESPACE, "sh", "-c", script, "sh", ...args], {
        env: request.env,
      });
      assert.match(run.stdout.toString(), told, run.stderr.toString());
    });
  }
});

suite("ao-run: what it gives and leaves", ({ test }) => {
  test("gives the agent what it was given itself: descriptors, signals, file mode", async () => {
    using root = tempDir();
    const look = "umask; grep -E '^Sig(Ign|Blk)' /proc/self/status; exec ls /proc/self/fd";
    const request = launchOf(root.path, ["/bin/sh", "-c", look]);
    await writeCommandFile(request);
    const outputOf = async (file: string, args: readonly string[]) => {
      const child = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"], env: request.env });
      return (await child.stdout.toArray()).join("");
    };
    const direct = await outputOf("/bin/sh", ["-c", look]);
    assert.match(direct, "SigIgn");
    assert.is(await outputOf(AO_RUN, [request.launchDir]), direct);
  });

  test("writes private files and leaves no temporary ones", async () => {
    using root = tempDir();
    const { request } = await runToEnd(root.path, "exit 0");
    const spooled = readdirSync(request.spoolDir);
    assert.is(spooled.length, 2);
    for (const name of spooled) assert.is(statSync(join(request.spoolDir, name)).mode & 0o777, 0o600);
    assert.equal(readdirSync(request.launchDir).sort(), ["ao-run.pid", "command.sh"]);
    for (const name of readdirSync(request.launchDir))
      assert.is(statSync(join(request.launchDir, name)).mode & 0o777, 0o600);
  });

  test("never overwrites a record: pids come back", async () => {
    using root = tempDir();
    const script = 'for e in started exited; do : > "$0.$$-0.ao-process-$e"; done; exit 4';
    const request = launchOf(root.path, ["/bin/sh", "-c", script, ""]);
    const named = {
      ...request,
      argv: [...request.argv.slice(0, 3), join(request.spoolDir, request.launchId)],
    };
    await once(await launch(named), "exit");
    const { pid } = JSON.parse(
      readFileSync(
        join(request.spoolDir, readdirSync(request.spoolDir).find((n) => n.includes("-1.")) ?? ""),
        "utf8",
      ),
    ) as { pid: number };
    assert.ok(existsSync(join(request.spoolDir, `${request.launchId}.${pid}-1.ao-process-exited`)));
  });

  test("works with an empty PATH", async () => {
    using root = tempDir();
    const request = launchOf(root.path, ["/bin/sh", "-c", "exit 6"], { env: { PATH: "" } });
    await once(await launch(request), "exit");
    assert.is(records(request, "exited")[0]?.exit_code, 6);
  });

  test("says how to use it", async () => {
    const child = spawn(AO_RUN, [], { stdio: ["ignore", "ignore", "pipe"] });
    const text = (await child.stderr.toArray()).join("");
    assert.match(text, "usage: ao-run LAUNCH_DIR");
    assert.is(child.exitCode ?? (await once(child, "exit"))[0], 2);
  });
});
