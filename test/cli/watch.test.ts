import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { type CliWorld, createCliWorld, type RunningCli } from "./cli-world.ts";

const SLOW = { timeoutMs: 90_000 };
const BIN = join(import.meta.dirname, "../../bin/ao");

interface Line {
  revision: number;
  epoch: string;
  type: string;
  session: { id: string; status?: string } | null;
}

const lines = (run: RunningCli): Line[] =>
  run
    .out()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const arrived = (run: RunningCli, what: string, check: (line: Line) => boolean) =>
  eventually(() => lines(run).find(check), { what, timeoutMs: 20_000 });

suite("ao watch", ({ test, before, after }) => {
  let world: CliWorld;
  before(async () => {
    world = createCliWorld();
    await world.ao(["project", "add", "."]);
    await world.ao(["spawn", "-a", "demo", "--prompt", "finish 1", "--wait"]);
  });
  after(() => world.dispose());

  test(
    "snapshot, then every change once and in order, across a restart of the daemon",
    async () => {
      const watch = world.start(["watch", "--json"]);
      await arrived(watch, "the end of the snapshot", (line) => line.type === "snapshot_end");
      assert.equal(
        lines(watch).map((line) => [line.type, line.session?.id]),
        [
          ["snapshot", "web-1"],
          ["snapshot_end", undefined],
        ],
      );
      await world.ao(["session", "rename", "web-1", "one"]);
      await world.ao(["stop"]);
      await world.ao(["session", "rename", "web-1", "two"]);
      await arrived(watch, "the change after the restart", (line) =>
        JSON.stringify(line).includes('"name":"two"'),
      );
      const changes = lines(watch).filter((line) => line.type === "changed");
      const revisions = changes.map((line) => line.revision);
      assert.equal(
        revisions,
        [...new Set(revisions)].sort((a, b) => a - b),
      );

      const first = revisions[0] ?? 0;
      const again = world.start(["watch", "--json", "--after", String(first)]);
      await arrived(again, "the same change again", (line) => JSON.stringify(line).includes('"name":"two"'));
      assert.not(lines(again).some((line) => line.type === "snapshot" || line.revision <= first));

      again.child.kill("SIGTERM");
      watch.child.kill("SIGINT");
      assert.is((await watch.result).code, 130);
      assert.is((await again.result).err, "");
    },
    SLOW,
  );

  test("a revision of the future is an error, not an endless wait", async () => {
    const { code, json } = await world.ao(["watch", "--json", "--after", "999999"]);
    assert.equal([code, json().error.reason], [1, "REVISION_IN_FUTURE"]);
  });

  test(
    "a database that was put back and has grown past the watch ends it with an error, not with other changes",
    async () => {
      const path = join(String(world.env.AO_HOME), "ao.db");
      await world.ao(["stop"]);
      cpSync(path, `${path}.copy`);
      await world.ao(["session", "rename", "web-1", "lost"]);
      const watch = world.start(["watch", "--json"]);
      const last = await arrived(watch, "the end of the snapshot", ({ type }) => type === "snapshot_end");
      watch.child.kill("SIGSTOP");
      await world.ao(["stop"]);
      for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
      renameSync(`${path}.copy`, path);
      for (const name of ["other", "and", "on"]) await world.ao(["session", "rename", "web-1", name]);
      watch.child.kill("SIGCONT");
      const { code, out } = await watch.result;
      assert.is(code, 1);
      assert.match(out, /"reason": "REVISION_COMPACTED"[^}]*put back/);
      assert.not.match(out, /"(other|and|on)"/);
      const position = ["--after", String(last.revision), "--epoch", last.epoch];
      const again = await world.ao(["watch", "--json", ...position]);
      assert.equal([again.code, again.json().error.reason], [1, "REVISION_COMPACTED"]);
    },
    SLOW,
  );

  test(
    "in a pipe a line per change of status; ends with its reader at the next one",
    async () => {
      const piped = spawn("sh", ["-c", '"$0" watch | head -n 1', BIN], { env: world.env });
      let read = "";
      piped.stdout.on("data", (chunk) => {
        read += chunk;
      });
      const ended = once(piped, "close");
      await eventually(() => read !== "", { what: "the first line", timeoutMs: 20_000 });
      assert.match(read, /^\d{4}-\S+Z web-1 ✓ idle: [^\n]*\n$/);
      await world.ao(["spawn", "-a", "demo", "--prompt", "ask", "--wait"]);
      assert.equal(await ended, [0, null]);
    },
    SLOW,
  );

  test(
    "on a terminal a live table; attach works inside tmux",
    async () => {
      using terminal = openTerminal(
        world,
        `${BIN} watch; echo "watch said $?"; ${BIN} attach web-2; echo "attach said $?"; cat`,
      );
      await eventually(() => /web-2 +demo +◆ needs_input +\d+s +permission: Bash/.test(terminal.screen()), {
        what: "the live table",
      });
      assert.match(terminal.screen(), /ao answer web-2 approve\|deny +answer from here/);
      terminal.type("q");
      await eventually(() => terminal.screen().includes("Allow? [y/n]"), { what: "the agent's dialog" });
      terminal.type("C-b", "d");
      await eventually(() => terminal.screen().includes("attach said 0"), { what: "the way back" });
      assert.match(terminal.screen(), "watch said 0");
      assert.is((await world.ao(["session", "get", "web-2", "--json"])).json().session.status, "needs_input");
    },
    SLOW,
  );
});

/** A real terminal that runs a shell command: a tmux server of the test's own. */
function openTerminal(world: CliWorld, command: string) {
  const socket = join(world.directory, "t.sock");
  const tmux = (...args: string[]) =>
    execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], { env: world.env, encoding: "utf8" });
  tmux("new-session", "-d", "-x", "120", "-y", "30", "-c", world.repository, command);
  return {
    screen: () => tmux("capture-pane", "-p"),
    type: (...keys: string[]) => void tmux("send-keys", ...keys),
    [Symbol.dispose]: () => void tmux("kill-server"),
  };
}
