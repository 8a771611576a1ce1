import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { hearTerminal } from "../../src/runtime/terminal-output.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";

suite("terminal output", ({ test }) => {
  test("hears what a program writes to its terminal, until told not to", async () => {
    using dir = tempDir();
    const tmux = (...args: string[]) =>
      execFileSync("tmux", ["-S", join(dir.path, "t.sock"), "-f", "/dev/null", ...args], {
        encoding: "utf8",
      });
    const go = join(dir.path, "go");
    tmux("new-session", "-d", `until [ -e '${go}' ]; do sleep 0.05; done; echo heard; exec sleep 1000`);
    try {
      const pid = Number(tmux("display-message", "-p", "#{pane_pid}"));
      let heard = 0;
      const stop = hearTerminal(pid, () => {
        heard += 1;
      });
      if (process.platform !== "linux") return assert.is(stop, undefined);
      assert.ok(stop);
      assert.is(heard, 0);
      execFileSync("touch", [go]);
      await eventually(() => heard > 0, { what: "output heard" });
      stop();
    } finally {
      tmux("kill-server");
    }
  });

  test("a process without a terminal, or none at all, cannot be heard", () => {
    assert.is(
      hearTerminal(2 ** 30, () => {}),
      undefined,
    );
  });
});
