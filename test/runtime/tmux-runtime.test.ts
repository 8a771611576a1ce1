import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { AoError } from "../../src/core/errors.ts";
import type { Runtime } from "../../src/core/ports/runtime.ts";
import { createProcessTable, hostSource } from "../../src/runtime/process-table.ts";
import { createTmuxRuntime } from "../../src/runtime/tmux-runtime.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { conformsToRuntime, onStage, type Stage } from "./conformance.ts";
import { AO_RUN, launchOf, record } from "./fixture.ts";

const run = promisify(execFile);
const LINES = resolve(import.meta.dirname, "agents/lines.mjs");
const make = (root: string) => createTmuxRuntime({ runDir: join(root, "run"), aoRun: AO_RUN });
const processes = createProcessTable();

conformsToRuntime("tmux", make);

/** Starts the line reader and waits until it reads; `lines()` is what it has read. */
async function startReader({ root, runtime, start }: Stage, mode = "lines") {
  const file = join(root, "lines.jsonl");
  const request = launchOf(root, [process.execPath, LINES, file, mode]);
  const handle = await start(request);
  await eventually(async () => (await runtime.capture(handle, 50))?.includes("ready"));
  const lines = () =>
    readFileSync(file, { encoding: "utf8", flag: "a+" })
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string);
  return { handle, request, lines };
}

/** Attaches as a person does, from within another tmux; resolves when the server knows of it. */
async function attach(runtime: Runtime, handle: string) {
  const [program, ...args] = runtime.attachCommand(handle);
  const { socket } = JSON.parse(handle) as { socket: string };
  const inner = ["-qec", [program, ...args].map((word) => `'${word}'`).join(" "), "/dev/null"];
  const attached = execFile("script", inner, { env: { ...process.env, TERM: "xterm", TMUX: "/x,1,0" } });
  await eventually(async () => {
    const { stdout } = await run("tmux", ["-S", socket, "list-clients"]);
    return stdout !== "";
  });
  return { attached, socket };
}

async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  const thrown = await attempt.then(
    () => "nothing thrown",
    (error: unknown) => error,
  );
  return thrown instanceof AoError ? thrown.reason : String(thrown);
}

const TRICKY = `;; -x 'q' "d" \\; $HOME #{pane_id} \`id\` ~ % ü 語 🙂;`;

suite("tmux runtime: keyboard", ({ test }) => {
  test("pastes exactly, without submitting", () =>
    onStage(make, async (stage) => {
      const { handle, lines } = await startReader(stage);
      await stage.runtime.paste(handle, TRICKY);
      await eventually(async () => (await stage.runtime.capture(handle, 50))?.includes(TRICKY));
      assert.equal(lines(), []);
      await stage.runtime.press(handle, ["Enter"]);
      await eventually(() => lines().length === 1);
      assert.equal(lines(), [TRICKY]);
    }));

  test("pastes many lines in order, and nothing for an empty text", () =>
    onStage(make, async (stage) => {
      const { handle, lines } = await startReader(stage);
      const text = Array.from({ length: 200 }, (_, index) => `${index} ${TRICKY}`);
      await stage.runtime.paste(handle, "");
      await stage.runtime.paste(handle, `${text.join("\n")}\n`);
      await eventually(() => lines().length === 200);
      assert.equal(lines(), text);
    }));

  test("brackets a paste for a program that asks for it", () =>
    onStage(make, async (stage) => {
      const { handle, lines } = await startReader(stage, "raw");
      await stage.runtime.paste(handle, "one\ntwo");
      await eventually(() => lines().join("").endsWith("\x1b[201~"));
      assert.is(lines().join(""), "\x1b[200~one\rtwo\x1b[201~");
    }));

  test("presses keys by name, also while a person scrolls", () =>
    onStage(make, async (stage) => {
      const { handle, lines } = await startReader(stage, "raw");
      const { socket } = JSON.parse(handle) as { socket: string };
      await run("tmux", ["-S", socket, "copy-mode", "-t", "%0"]);
      await stage.runtime.press(handle, ["y", ";", "-", "Down", "Escape", "C-c", "Enter"]);
      await eventually(() => lines().join("").length >= 9);
      assert.is(lines().join(""), "y;-\x1b[B\x1b\x03\r");
      assert.ok(lines().length > 1, "keys arrive apart: two Escapes in one read are another key");
    }));

  test("types nothing into a dead pane, and lives on", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["/bin/sh", "-c", "echo last words; exit 3"]));
      await eventually(async () => (await runtime.probe(handle)) === "dead");
      assert.is(await reasonOf(runtime.paste(handle, "x")), "TERMINAL_GONE");
      assert.is(await reasonOf(runtime.press(handle, ["Enter"])), "TERMINAL_GONE");
      assert.match((await runtime.capture(handle, 50)) ?? "", "last words");
    }));

  test("says TERMINAL_GONE when the server is gone", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      await runtime.dispose(handle);
      assert.is(await reasonOf(runtime.paste(handle, "x")), "TERMINAL_GONE");
      assert.is(await reasonOf(runtime.press(handle, ["Enter"])), "TERMINAL_GONE");
    }));
});

suite("tmux runtime: server", ({ test }) => {
  test("an agent's tmux kill-server ends only its own", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const other = await start(launchOf(root, ["sleep", "1000"]));
      const request = launchOf(root, ["/bin/sh", "-c", "tmux kill-server; sleep 1000"]);
      const handle = await start(request);
      const { pid, ...end } = await record(request, "exited");
      assert.equal(end, { exit_signal: "SIGHUP", reason: "terminal_gone" });
      assert.is(await runtime.probe(handle), "dead");
      assert.is(await runtime.probe(other), "alive");
    }));

  test("nothing in the process table of a server says tmux: pkill, killall and pidof pass it by", () =>
    onStage(make, async ({ root, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      const { socket } = JSON.parse(handle) as { socket: string };
      const [pid] = await hostSource().withArguments([socket, "new-session"]);
      const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8");
      assert.match(read("comm"), /^ao-terminal/);
      assert.not.match(read("cmdline").replaceAll(root, ""), "tmux");
    }));

  test("a server that was stopped is ended all the same", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      const { socket } = JSON.parse(handle) as { socket: string };
      const [pid] = await hostSource().withArguments([socket, "new-session"]);
      process.kill(pid as number, "SIGSTOP");
      assert.is(await runtime.probe(handle), "unknown");
      await runtime.dispose(handle);
      assert.equal(await hostSource().withArguments([socket]), []);
      assert.equal(readdirSync(join(root, "run")), []);
    }));

  test("a server whose socket was removed is ended all the same", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      const { socket } = JSON.parse(handle) as { socket: string };
      rmSync(socket);
      assert.is((await hostSource().withArguments([socket])).length, 1);
      await runtime.dispose(handle);
      await eventually(async () => (await hostSource().withArguments([socket])).length === 0);
    }));

  test("an agent that a signal ended in its terminal is not told to have lost it", () =>
    onStage(make, async ({ root, start }) => {
      for (const [script, end] of [
        ["kill -HUP $$", { exit_signal: "SIGHUP" }],
        ["trap 'exit 129' HUP; kill -HUP $$", { exit_code: 129 }],
        ["kill -KILL $$", { exit_signal: "SIGKILL" }],
        ["exit 0", { exit_code: 0 }],
      ] as const) {
        const request = launchOf(root, ["/bin/sh", "-c", script]);
        await start(request);
        const { pid, ...told } = await record(request, "exited");
        assert.equal(told, end, script);
      }
    }));

  test("no secret and no prompt stands in an argument vector of tmux or ao-run", () =>
    onStage(make, async ({ root, start }) => {
      const request = launchOf(root, ["/bin/sh", "-c", "read x", "prompt-f00d"], {
        env: { KEY: "key-f00d" },
      });
      await start(request);
      const { pid } = await record(request, "started");
      const { stdout } = await run("ps", ["-ww", "-A", "-o", "pid=,args="]);
      const lines = stdout.split("\n").filter((line) => line.includes("f00d"));
      assert.equal(
        lines.map((line) => Number.parseInt(line, 10)),
        [pid],
      );
      assert.not.match(lines.join(""), "key-f00d");
    }));

  test("ending the session's processes leaves the last screen standing", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const request = launchOf(root, ["/bin/sh", "-c", "echo last words; sleep 1000"]);
      const handle = await start(request);
      await eventually(async () => (await runtime.capture(handle, 50))?.includes("last words"));
      assert.equal(await processes.killTree({ tag: request, roots: [], graceMs: 5000 }), []);
      assert.is((await record(request, "exited")).exit_signal, "SIGTERM");
      await eventually(async () => (await runtime.probe(handle)) === "dead");
      assert.match((await runtime.capture(handle, 50)) ?? "", "last words");
    }));

  test("leaves no socket behind", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      assert.is(readdirSync(join(root, "run")).length, 1);
      await runtime.dispose(handle);
      assert.equal(readdirSync(join(root, "run")), []);
    }));

  test("the terminal has 200 columns and 50 rows, colours and no status line", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const script = 'stty size; echo "$TERM"; sleep 1000';
      const handle = await start(launchOf(root, ["/bin/sh", "-c", script]));
      const screen = await eventually(async () => {
        const text = await runtime.capture(handle, 50);
        return text?.includes("256color") ? text : "";
      });
      assert.match(screen, /^50 200\n(tmux|screen)-256color$/);
    }));

  test("offers a command to attach with, also from within tmux", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      const { attached, socket } = await attach(runtime, handle);
      await run("tmux", ["-S", socket, "detach-client", "-s", "ao"]);
      await eventually(() => attached.exitCode !== null);
      assert.is(await runtime.probe(handle), "alive");
    }));
});

suite("tmux runtime: a person at the terminal", ({ test }) => {
  test("Ctrl-Z reaches the agent and leaves it awake", () =>
    onStage(make, async (stage) => {
      const { handle, lines } = await startReader(stage, "suspends");
      const { attached, socket } = await attach(stage.runtime, handle);
      attached.stdin?.write("\x1a");
      await eventually(() => lines().length === 2);
      attached.stdin?.write("x");
      await eventually(() => lines().length === 3);
      assert.equal(lines(), ["\x1a", "continued", "x"]);
      await run("tmux", ["-S", socket, "detach-client", "-s", "ao"]);
      await eventually(() => attached.exitCode !== null);
    }));
});

suite("tmux runtime: trouble", ({ test }) => {
  test("refuses a run directory whose sockets would have too long a path", async () => {
    const runtime = createTmuxRuntime({ runDir: `/tmp/${"x".repeat(100)}`, aoRun: AO_RUN });
    const request = { sessionId: "s", launchId: "l", launchDir: "/tmp" };
    assert.throws(
      () => runtime.handleFor(request),
      (error: AoError) => error.reason === "SOCKET_PATH_TOO_LONG" && error.metadata.bytes === 123,
    );
  });

  test("is unknown, not dead, when a server does not answer", async () => {
    using root = tempDir();
    const runtime = make(root.path);
    const handle = runtime.handleFor({ sessionId: "s", launchId: "l", launchDir: root.path });
    const { socket } = JSON.parse(handle) as { socket: string };
    mkdirSync(join(root.path, "run"));
    const deaf = createServer((client) => client.resume());
    await new Promise<void>((done) => deaf.listen(socket, done));
    try {
      assert.is(await runtime.probe(handle), "unknown");
    } finally {
      await new Promise((done) => deaf.close(done));
    }
  });

  test("a server that ends while it is asked is gone, not out of order", async () => {
    using root = tempDir();
    const runtime = make(root.path);
    const handle = runtime.handleFor({ sessionId: "s", launchId: "l", launchDir: root.path });
    const { socket } = JSON.parse(handle) as { socket: string };
    mkdirSync(join(root.path, "run"));
    const ending = createServer((client) => client.once("data", () => client.destroy()));
    await new Promise<void>((done) => ending.listen(socket, done));
    try {
      assert.is(await runtime.capture(handle, 10), undefined);
      assert.is(await runtime.probe(handle), "dead");
    } finally {
      await new Promise((done) => ending.close(done));
    }
  });

  test("says what is wrong when tmux or the launcher is missing", async () => {
    using root = tempDir();
    const runDir = join(root.path, "run");
    const missing = createTmuxRuntime({ runDir, aoRun: AO_RUN, tmux: "no-such-tmux" });
    assert.match((await missing.check()) ?? "", "no-such-tmux");
    const request = launchOf(root.path, ["true"]);
    const handle = missing.handleFor(request);
    assert.is(await missing.probe(handle), "unknown");
    assert.is(await reasonOf(missing.start(handle, request)), "RUNTIME_UNAVAILABLE");
    const broken = createTmuxRuntime({ runDir, aoRun: "/nowhere/ao-run" });
    assert.is(await reasonOf(broken.start(handle, request)), "SPAWN_FAILED");
    assert.is(await broken.probe(handle), "dead");
  });
});
