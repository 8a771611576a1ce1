import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as assert from "uvu/assert";
import { AoError } from "../../src/core/errors.ts";
import type { Runtime, StartRequest } from "../../src/core/ports/runtime.ts";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { eventually } from "../support/eventually.ts";
import { type Suite, suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { launchOf, record, records } from "./fixture.ts";

const DUMP = resolve(import.meta.dirname, "agents/dump.mjs");
const processes = createProcessTable();

/** What a test of one launch works with. */
export interface Stage {
  root: string;
  runtime: Runtime;
  /** Starts it; it is disposed of at the end of the test. */
  start(request: StartRequest): Promise<string>;
}

/** Runs `body` with a fresh runtime and leaves nothing of it behind. */
export async function onStage(make: (root: string) => Runtime, body: (stage: Stage) => Promise<void>) {
  using root = tempDir();
  const runtime = make(root.path);
  const started: { handle: string; request: StartRequest }[] = [];
  const start = async (request: StartRequest) => {
    const handle = runtime.handleFor(request);
    started.push({ handle, request });
    await runtime.start(handle, request);
    return handle;
  };
  try {
    await body({ root: root.path, runtime, start });
  } finally {
    for (const { handle, request } of started) {
      await runtime.dispose(handle);
      await processes.killTree({ tag: request, roots: [], graceMs: 0 });
    }
  }
}

const HOSTILE = [
  "",
  "-",
  "--",
  " leading and trailing ",
  "it's 'quoted' \"twice\" \\ \\\\ \\n",
  "$HOME \x24{HOME} $(id) `id` !! * ? [a] ~ # & ; | < > ( ) { }",
  "line one\nline two\r\n\ttabbed\n",
  "\x01\x02\x1b[31m\x7f \u0081\u0088\u009b ÿ 語 🙂",
  "%s %d %0 #{pane_id} \\033",
];

/** What every runtime must do. */
export function conformsToRuntime(name: string, make: (root: string) => Runtime): void {
  suite(`runtime ${name}`, (s) => {
    lifeAndDeath(s, make);
    exactness(s, make);
    failures(s, make);
  });
}

function lifeAndDeath({ test }: Suite, make: (root: string) => Runtime): void {
  test("is usable here", () =>
    onStage(make, async ({ runtime }) => assert.is(await runtime.check(), undefined)));

  test("records the agent's own pid and start, shows its output, and tells its end", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const request = launchOf(root, ["/bin/sh", "-c", "echo $$ is here; read x < go; exit 7"]);
      const go = join(request.cwd, "go");
      const fifo = launchOf(root, ["mkfifo", go]);
      await start(fifo);
      assert.is((await record(fifo, "exited")).exit_code, 0);

      const handle = await start(request);
      const started = await record(request, "started");
      const identity = await processes.identify(started.pid as number);
      assert.equal(identity, { pid: started.pid, startTicks: started.pid_start_ticks });
      assert.is(await runtime.probe(handle), "alive");
      const screen = await eventually(async () => {
        const text = await runtime.capture(handle, 10);
        return text?.includes("is here") && text;
      });
      assert.is(screen, `${started.pid} is here`);
      assert.equal(records(request, "exited"), []);

      const writer = launchOf(root, ["/bin/sh", "-c", 'echo > "$1"', "sh", go]);
      await start(writer);
      assert.equal(await record(request, "exited"), { pid: started.pid, exit_code: 7 });
      await eventually(async () => (await runtime.probe(handle)) === "dead");
    }));

  const ends: [string, object][] = [
    ["exit 0", { exit_code: 0 }],
    ["exit 1", { exit_code: 1 }],
    ["exit 7", { exit_code: 7 }],
    ["exit 137", { exit_code: 137 }],
    ["exit 143", { exit_code: 143 }],
    ["kill -KILL $$", { exit_signal: "SIGKILL" }],
    ["kill -TERM $$", { exit_signal: "SIGTERM" }],
  ];
  for (const [script, end] of ends)
    test(`tells how "${script}" ends`, () =>
      onStage(make, async ({ root, start }) => {
        const request = launchOf(root, ["/bin/sh", "-c", script]);
        await start(request);
        const { pid, ...rest } = await record(request, "exited");
        assert.equal(rest, end);
        assert.is(pid, (await record(request, "started")).pid);
      }));

  test("tells the end of an agent whose terminal is closed, and is dead then", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const request = launchOf(root, ["sleep", "1000"]);
      const handle = await start(request);
      const { pid } = await record(request, "started");
      await runtime.dispose(handle);
      const { reason, ...end } = await record(request, "exited");
      assert.equal(end, { pid, exit_signal: "SIGHUP" });
      assert.is(reason, runtime.kind === "tmux" ? "terminal_gone" : undefined);
      assert.is(await runtime.probe(handle), "dead");
      assert.is(await runtime.capture(handle, 10), undefined);
      await runtime.dispose(handle);
    }));

  test("is dead and silent about a launch that never was", () =>
    onStage(make, async ({ root, runtime }) => {
      const handle = runtime.handleFor(launchOf(root, ["true"]));
      assert.is(await runtime.probe(handle), "dead");
      assert.is(await runtime.capture(handle, 10), undefined);
      await runtime.dispose(handle);
    }));

  test("finds a launch again by its handle, as after a restart", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      assert.is(await make(root).probe(handle), "alive");
      assert.is(await runtime.probe(handle), "alive");
    }));
}

function exactness({ test }: Suite, make: (root: string) => Runtime): void {
  const run = async ({ root, start }: Stage, args: readonly string[], env: Record<string, string> = {}) => {
    const file = join(root, `dump-${args.length}.json`);
    const request = launchOf(root, [process.execPath, DUMP, file, ...args], { env });
    await start(request);
    assert.is((await record(request, "exited")).exit_code, 0);
    const dump = JSON.parse(readFileSync(file, "utf8"));
    return {
      request,
      dump: dump as { args: string[]; env: Record<string, string>; cwd: string; pid: number },
    };
  };

  test("hands over arguments byte for byte", () =>
    onStage(make, async (stage) => {
      const { request, dump } = await run(stage, HOSTILE);
      assert.equal(dump.args, HOSTILE);
      assert.is(dump.cwd, request.cwd);
      assert.is(dump.pid, (await record(request, "started")).pid);
    }));

  test("hands over a prompt of 120 kB byte for byte", () =>
    onStage(make, async (stage) => {
      const unit = HOSTILE.join("|");
      const prompt = unit.repeat(Math.ceil(120_000 / Buffer.byteLength(unit)));
      const { dump } = await run(stage, [prompt]);
      assert.ok(dump.args[0] === prompt, "the prompt arrived changed");
    }));

  test("hands over the environment as it is", () =>
    onStage(make, async (stage) => {
      const env = {
        HOSTILE: HOSTILE.join("|"),
        EMPTY: "",
        TMUX: "/tmp/theirs,1,0",
        OLDPWD: "/nowhere",
        PWD: "/nowhere",
      };
      const { request, dump } = await run(stage, [], env);
      const { TMUX: _theirs, OLDPWD: _old, ...kept } = request.env;
      const own = [
        "TERM",
        "TMUX",
        "TMUX_PANE",
        "TERM_PROGRAM",
        "TERM_PROGRAM_VERSION",
        "SHELL",
        "SHLVL",
        "_",
      ];
      const rest = Object.fromEntries(Object.entries(dump.env).filter(([name]) => !own.includes(name)));
      assert.equal(rest, { ...kept, PWD: request.cwd });
    }));
}

function failures({ test }: Suite, make: (root: string) => Runtime): void {
  test("records 127 for a program that is not there", () =>
    onStage(make, async ({ root, start }) => {
      const request = launchOf(root, ["/nowhere/agent"]);
      await start(request);
      assert.is((await record(request, "exited")).exit_code, 127);
    }));

  const refused: [string, Partial<StartRequest>, string][] = [
    ["an empty command", { argv: [] }, "INVALID_FIELD"],
    ["a NUL in an argument", { argv: ["a\0b"] }, "INVALID_FIELD"],
    ["an argument of 131072 bytes", { argv: ["x".repeat(131_072)] }, "INVALID_FIELD"],
    ["an environment no program can be given", { env: { BIG: "x".repeat(200_000) } }, "SPAWN_FAILED"],
    ["a missing directory", { cwd: "/nowhere/at/all" }, "SPAWN_FAILED"],
  ];
  for (const [what, part, reason] of refused)
    test(`refuses ${what} and leaves nothing running`, () =>
      onStage(make, async ({ root, runtime }) => {
        const request = launchOf(root, ["true"], part);
        const handle = runtime.handleFor(request);
        const error = await runtime.start(handle, request).catch((thrown: unknown) => thrown);
        assert.instance(error, AoError);
        assert.is((error as AoError).reason, reason);
        assert.is(await runtime.probe(handle), "dead");
        assert.not(existsSync(join(request.launchDir, "ao-run.pid")));
      }));
}
