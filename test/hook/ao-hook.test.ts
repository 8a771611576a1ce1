import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import * as assert from "uvu/assert";
import { parseSpoolName } from "../../src/shim/spool-file.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

const HOOK = resolve("bin/ao-hook");
const LAUNCH = "l0abc";
const MIB = 1024 * 1024;

interface HookRun {
  /** Runs the script by its own first line when undefined. */
  shell?: readonly string[];
  args?: readonly string[];
  env?: Record<string, string | undefined>;
  input?: string | Buffer;
}

/** Shells of this machine the hook must run under; an agent's `sh` is any of them. */
const SHELLS = [
  ["dash"],
  ["bash"],
  ["bash", "--posix"],
  ["busybox", "ash"],
  ["ksh"],
  ["zsh", "--emulate", "sh"],
].filter(([shell, ...args]) => spawnSync(shell as string, [...args, "-c", "true"]).status === 0);

suite("ao-hook", ({ test }) => {
  test("keeps the payload byte for byte, under a name that says launch, pid and event, for its owner alone", async () => {
    using dir = tempDir();
    const payload = '{"hook_event_name":"Stop","text":"é\\u0000\\n"}\n\n';
    for (const shell of [undefined, ...SHELLS]) {
      const run = await runHook({ shell, env: env(dir.path), input: payload });
      assert.equal(run, { code: 0, stdout: "", stderr: "" }, String(shell));
    }
    const files = readdirSync(dir.path);
    assert.is(files.length, SHELLS.length + 1);
    for (const name of files) {
      assert.match(name, /^l0abc\.\d+-0\.Stop$/);
      assert.is(readFileSync(join(dir.path, name), "utf8"), payload);
      assert.is(statSync(join(dir.path, name)).mode & 0o777, 0o600);
    }
  });

  test("cuts at 1 MiB and drains the rest: the writer never sees EPIPE", async () => {
    const payload = Buffer.alloc(5 * MIB, "abcdefgh");
    for (const shell of SHELLS) {
      using dir = tempDir();
      const run = await runHook({ shell, env: env(dir.path), input: payload });
      assert.equal(run, { code: 0, stdout: "", stderr: "" }, String(shell));
      const [name] = readdirSync(dir.path);
      const kept = readFileSync(join(dir.path, name as string));
      assert.is(kept.length, MIB, String(shell));
      assert.ok(kept.equals(payload.subarray(0, MIB)));
    }
  });

  test("keeps a payload of exactly 1 MiB whole", async () => {
    using dir = tempDir();
    await runHook({ env: env(dir.path), input: Buffer.alloc(MIB, "x") });
    assert.is(statSync(join(dir.path, readdirSync(dir.path)[0] as string)).size, MIB);
  });

  test("200 at once are all there, each its own", async () => {
    using dir = tempDir();
    const runs = Array.from({ length: 200 }, (_, i) =>
      runHook({ args: ["claude-code", `E${i}`], env: env(dir.path), input: `{"i":${i}}` }),
    );
    const results = await Promise.all(runs);
    assert.ok(results.every((run) => run.code === 0 && run.stderr === ""));
    const files = readdirSync(dir.path);
    assert.is(files.length, 200);
    for (const name of files) {
      const i = Number(/E(\d+)$/.exec(name)?.[1]);
      assert.is(readFileSync(join(dir.path, name), "utf8"), `{"i":${i}}`);
    }
  });

  test("a pid that came round again takes the next number and overwrites nothing", async () => {
    for (const shell of SHELLS) {
      using dir = tempDir();
      const before = (pid: string) =>
        `: > ${dir.path}/${LAUNCH}.${pid}-0.Stop; : > ${dir.path}/${LAUNCH}.${pid}-1.Stop`;
      // The script is read by a shell that first leaves files of its own pid, as an earlier process of that pid would.
      const script = `${before("$$")}; . ${HOOK}`;
      const run = spawnSync(
        shell[0] as string,
        [...shell.slice(1), "-c", script, "ao-hook", "claude-code", "Stop"],
        {
          env: { ...process.env, ...env(dir.path) },
          input: "{}",
        },
      );
      assert.is(run.status, 0, String(run.stderr));
      const files = readdirSync(dir.path).sort();
      assert.equal(
        files.map((name) => parseSpoolName(name)?.n),
        [0, 1, 2],
        String(shell),
      );
      const sizes = files.map((name) => statSync(join(dir.path, name)).size);
      assert.equal(sizes, [0, 0, 2]);
    }
  });

  test("outside a session it does nothing and reads nothing", async () => {
    using dir = tempDir();
    const without: Record<string, string | undefined>[] = [
      { AO_SPOOL: undefined },
      { AO_SPOOL: "" },
      { AO_SPOOL: "relative/spool" },
      { AO_LAUNCH_ID: undefined },
      { AO_LAUNCH_ID: "" },
      { AO_LAUNCH_ID: "../../etc/x" },
      { AO_LAUNCH_ID: "-rf" },
      { AO_LAUNCH_ID: "UPPER" },
      { AO_LAUNCH_ID: "a".repeat(64) },
    ];
    for (const vars of without) {
      // Its stdin stays open: a hook that read it would not end.
      const hook = startHook({ env: { ...env(dir.path), ...vars } });
      const run = await ended(hook);
      hook.stdin?.destroy();
      assert.equal(run, { code: 0, stdout: "", stderr: "" }, JSON.stringify(vars));
    }
    assert.equal(readdirSync(dir.path), []);
  });

  test("makes a missing spool once more, private", async () => {
    using dir = tempDir();
    const spool = join(dir.path, "a", "spool");
    const run = await runHook({ env: env(spool), input: "{}" });
    assert.equal(run, { code: 0, stdout: "", stderr: "" });
    assert.is(readdirSync(spool).length, 1);
    assert.is(statSync(spool).mode & 0o777, 0o700);
  });

  test("a spool that cannot be written costs the event, never the agent: exit 0, silence, all input drained", async () => {
    using dir = tempDir();
    writeFileSync(join(dir.path, "file"), "");
    for (const spool of [
      "/proc/ao-no-such",
      "/proc/self",
      join(dir.path, "file"),
      join(dir.path, "file", "below"),
    ])
      for (const shell of SHELLS) {
        const run = await runHook({ shell, env: env(spool), input: Buffer.alloc(2 * MIB) });
        assert.equal(run, { code: 0, stdout: "", stderr: "" }, `${shell} ${spool}`);
      }
    assert.is(statSync(join(dir.path, "file")).size, 0);
  });

  test("a read-only spool, as another user sees it, is no error", async () => {
    if (process.getuid?.() !== 0) return;
    using dir = tempDir();
    chmodSync(dir.path, 0o755);
    const spool = join(dir.path, "spool");
    mkdirSync(spool, { mode: 0o555 });
    const run = spawnSync("/bin/sh", [HOOK, "claude-code", "Stop"], {
      env: { ...process.env, ...env(spool) },
      cwd: "/",
      input: "{}",
      uid: 65534,
      gid: 65534,
    });
    assert.is(run.status, 0);
    assert.is(String(run.stdout) + String(run.stderr), "");
    assert.equal(readdirSync(spool), []);
  });

  test("a full disk leaves what fitted under the name, which is an event still", async () => {
    using dir = tempDir();
    // A limit of the caller's stands in for the full disk: the same write fails with another number.
    for (const shell of SHELLS) {
      const script = `ulimit -f 1; exec "$@"`;
      const run = await runHook({
        shell: ["dash", "-c", script, "limited", ...shell],
        env: env(dir.path),
        input: Buffer.alloc(MIB, "x"),
      });
      assert.equal(run, { code: 0, stdout: "", stderr: "" }, String(shell));
    }
    for (const name of readdirSync(dir.path)) assert.is(statSync(join(dir.path, name)).size, 512);
  });

  test("event names keep letters, digits, '_', '.', '-' and at most 100 characters", async () => {
    const names: [string, string][] = [
      ["tool.execute.after", "tool.execute.after"],
      ["../../etc/passwd", ".._.._etc_passwd"],
      ["a b\n$(id)`*?", "a_b___id____"],
      ["é", "__"],
      ["", "_"],
      ["-rf", "-rf"],
      ["x".repeat(300), "x".repeat(100)],
    ];
    for (const shell of SHELLS)
      for (const [given, kept] of names) {
        using dir = tempDir();
        const run = await runHook({ shell, args: ["codex", given], env: env(dir.path), input: "{}" });
        assert.equal(run, { code: 0, stdout: "", stderr: "" });
        const [name] = readdirSync(dir.path);
        assert.is(parseSpoolName(name as string)?.event, kept, `${shell} ${given}`);
      }
  });

  test("without an event, a stdin, a PATH or anything but its own variables it works too", async () => {
    for (const shell of [
      ["/bin/sh"],
      ...SHELLS.map(([name, ...args]) => [whereIs(name as string), ...args]),
    ]) {
      using dir = tempDir();
      const closing = `"$@" <&- >&- 2>&-`;
      const run = spawnSync("/bin/sh", ["-c", closing, "sh", ...shell, HOOK], { env: env(dir.path) });
      assert.is(run.status, 0, String(shell));
      assert.is(readdirSync(dir.path).length, 1, String(shell));
      assert.is(statSync(join(dir.path, readdirSync(dir.path)[0] as string)).size, 0);
    }
  });

  test("a terminal on stdin is not read", async () => {
    using dir = tempDir();
    // script(1) gives the command a terminal of its own, on which nobody ever types.
    const hook = spawn("script", ["-qec", `${HOOK} claude-code Stop`, "/dev/null"], {
      env: { ...process.env, ...env(dir.path) },
      stdio: ["pipe", "pipe", "pipe"],
    });
    assert.is((await ended(hook)).code, 0);
    hook.stdin.destroy();
    assert.is(readdirSync(dir.path).length, 1);
  });

  test("the agent that wants {} gets it, in and out of a session, and no other", async () => {
    using dir = tempDir();
    for (const vars of [env(dir.path), { AO_SPOOL: undefined }, env("/proc/ao-no-such")])
      assert.is((await runHook({ args: ["agy", "stop"], env: vars, input: "{}" })).stdout, "{}\n");
    for (const harness of ["claude-code", "codex", "opencode", "gemini", ""])
      assert.is((await runHook({ args: [harness, "Stop"], env: env(dir.path), input: "{}" })).stdout, "");
  });

  test("an agent that does not read its answer, or hangs up, loses nothing", async () => {
    using dir = tempDir();
    const hook = startHook({ args: ["agy", "stop"], env: env(dir.path) });
    hook.stdout?.destroy();
    for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const)
      await eventually(() => readdirSync(dir.path).length === 1 && hook.kill(name));
    hook.stdin?.end('{"a":1}');
    assert.is((await ended(hook)).code, 0);
    assert.is(readFileSync(join(dir.path, readdirSync(dir.path)[0] as string), "utf8"), '{"a":1}');
  });

  test("is born when the hook starts, however late its payload ends", async () => {
    using dir = tempDir();
    const before = BigInt(Date.now() - 50) * 1_000_000n;
    const hook = startHook({ env: env(dir.path) });
    const name = await eventually(() => readdirSync(dir.path)[0]);
    const seen = BigInt(Date.now() + 50) * 1_000_000n;
    hook.stdin?.end("{}");
    await ended(hook);
    assert.equal(readdirSync(dir.path), [name]);
    const { birthtimeNs } = statSync(join(dir.path, name), { bigint: true });
    assert.ok(birthtimeNs >= before && birthtimeNs <= seen);
  });
});

const env = (spool: string) => ({ AO_SPOOL: spool, AO_LAUNCH_ID: LAUNCH });

function startHook({ shell = [], args = ["claude-code", "Stop"], env: vars }: HookRun): ChildProcess {
  const [file, ...rest] = [...shell, HOOK, ...args] as [string, ...string[]];
  return spawn(file, rest, { env: { ...process.env, ...vars }, stdio: ["pipe", "pipe", "pipe"] });
}

async function runHook(run: HookRun): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const hook = startHook(run);
  const written = new Promise<void>((done, fail) => {
    hook.stdin?.on("error", fail);
    hook.stdin?.end(run.input ?? "", done);
  });
  const [result] = await Promise.all([ended(hook), written]);
  return result;
}

function ended(hook: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const output = { stdout: "", stderr: "" };
  hook.stdout?.on("data", (chunk) => (output.stdout += chunk));
  hook.stderr?.on("data", (chunk) => (output.stderr += chunk));
  return new Promise((done, fail) => {
    hook.on("error", fail);
    hook.on("exit", (code) => hook.stdout?.destroyed && done({ code, ...output }));
    hook.on("close", (code) => done({ code, ...output }));
  });
}

function whereIs(name: string): string {
  const found = (process.env.PATH ?? "").split(":").map((dir) => join(dir, name));
  return found.find((path) => existsSync(path)) ?? name;
}
