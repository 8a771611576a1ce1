import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as assert from "uvu/assert";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { createTmuxRuntime } from "../../src/runtime/tmux-runtime.ts";
import { eventually } from "../support/eventually.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";
import { onStage, type Stage } from "./conformance.ts";
import { AO_RUN, launchOf, record } from "./fixture.ts";

const LINES = resolve(import.meta.dirname, "agents/lines.mjs");
const make = (root: string) => createTmuxRuntime({ runDir: join(root, "run"), aoRun: AO_RUN });

/** A program that writes down every byte it gets. */
async function startReader({ root, runtime, start }: Stage, mode = "raw") {
  const file = join(root, "lines.jsonl");
  const handle = await start(launchOf(root, [process.execPath, LINES, file, mode]));
  await eventually(async () => (await runtime.capture(handle, 50))?.includes("ready"));
  const got = () =>
    readFileSync(file, { encoding: "utf8", flag: "a+" })
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string)
      .join("");
  const { socket } = JSON.parse(handle) as { socket: string };
  const tmux = (...args: string[]) => execFileSync("tmux", ["-S", socket, ...args], { encoding: "utf8" });
  return { handle, runtime, got, tmux };
}

suite("tmux keystrokes", ({ test }) => {
  test("are remembered by the server that typed them", () =>
    onStage(make, async (stage) => {
      const { handle, runtime, got } = await startReader(stage);
      assert.is(await runtime.typeOnce(handle, { token: "m-1-paste", type: { paste: "one\ntwo" } }), "typed");
      assert.is(await runtime.wasTyped(handle, "m-1-paste"), true);
      assert.is(await runtime.typeOnce(handle, { token: "m-1-enter1", type: { key: "Enter" } }), "typed");
      await eventually(() => got().endsWith("\r"));
      assert.is(got(), "\x1b[200~one\rtwo\x1b[201~\r");
      assert.is(await runtime.wasTyped(handle, "m-1-enter1"), true);
    }));

  test("that were found missing never go out, however late they come", () =>
    onStage(make, async (stage) => {
      const { handle, runtime, got, tmux } = await startReader(stage);
      assert.is(await runtime.wasTyped(handle, "m-1-paste"), false);
      assert.is(await runtime.typeOnce(handle, { token: "m-1-paste", type: { paste: "late" } }), "moved");
      assert.is(await runtime.typeOnce(handle, { token: "m-2-paste", type: { paste: "next" } }), "typed");
      await eventually(() => got().includes("next"));
      assert.not.match(got(), "late");
      assert.is(tmux("list-buffers"), "");
    }));

  test("do not go out once the cursor has moved", () =>
    onStage(make, async (stage) => {
      const { handle, runtime, got, tmux } = await startReader(stage, "lines");
      const seen = await runtime.look(handle, 50);
      tmux("send-keys", "x");
      await eventually(async () => (await runtime.look(handle, 50))?.cursor !== seen?.cursor);
      const key = { key: "Enter" };
      assert.is(
        await runtime.typeOnce(handle, { token: "m-1-enter1", type: key, cursor: seen?.cursor }),
        "moved",
      );
      const again = await runtime.look(handle, 50);
      assert.is(
        await runtime.typeOnce(handle, { token: "m-1-enter1", type: key, cursor: again?.cursor }),
        "typed",
      );
      await eventually(() => got() === "x");
    }));

  test("reach the program although somebody scrolls, which a look tells", () =>
    onStage(make, async (stage) => {
      const { handle, runtime, got, tmux } = await startReader(stage);
      assert.is((await runtime.look(handle, 50))?.scrolled, false);
      tmux("copy-mode");
      const seen = await runtime.look(handle, 50);
      assert.is(seen?.scrolled, true);
      assert.is(seen?.personTime, undefined);
      assert.is(await runtime.typeOnce(handle, { token: "m-1-paste", type: { paste: "a\nb" } }), "typed");
      tmux("copy-mode");
      assert.is(await runtime.typeOnce(handle, { token: "m-1-enter1", type: { key: "Enter" } }), "typed");
      await eventually(() => got().endsWith("~\r"));
      // Without its brackets the text would be submitted line by line.
      assert.is(got(), "\x1b[200~a\rb\x1b[201~\r");
      assert.is((await runtime.look(handle, 50))?.scrolled, false);
    }));

  test("are refused by a pane whose program has ended, and by a server that is gone", () =>
    onStage(make, async (stage) => {
      const request = launchOf(stage.root, ["true"]);
      const handle = await stage.start(request);
      await record(request, "exited");
      await eventually(async () => (await stage.runtime.probe(handle)) === "dead");
      const keystroke = { token: "m-1-paste", type: { paste: "nobody" } };
      await rejects(stage.runtime.typeOnce(handle, keystroke), "TERMINAL_GONE");
      await stage.runtime.dispose(handle);
      await rejects(stage.runtime.typeOnce(handle, keystroke), "TERMINAL_GONE");
      await rejects(stage.runtime.wasTyped(handle, "m-1-paste"), "TERMINAL_GONE");
      assert.is(await stage.runtime.look(handle, 50), undefined);
    }));

  test("go to the foreground program, which is known by its arguments", () =>
    onStage(make, async (stage) => {
      const inner = "bash --norc -i";
      const request = launchOf(stage.root, ["/bin/sh", "-c", `echo up; read x; ${inner}; :`]);
      const handle = await stage.start(request);
      const { pid } = await record(request, "started");
      const processes = createProcessTable();
      await eventually(async () => (await stage.runtime.capture(handle, 9))?.includes("up"));
      assert.is((await processes.foreground(Number(pid)))?.[1], "-c");
      await stage.runtime.press(handle, ["Enter"]);
      await eventually(async () => (await processes.foreground(Number(pid)))?.join(" ") === inner);
    }));
});
