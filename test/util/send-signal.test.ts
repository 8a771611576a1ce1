import { spawn } from "node:child_process";
import { once } from "node:events";
import * as assert from "uvu/assert";
import { sendSignal } from "../../src/util/send-signal.ts";
import { suite } from "../support/suite.ts";

suite("sendSignal", ({ test }) => {
  test("reaches a process and a group, and says when there is none any more", async () => {
    for (const sign of [1, -1]) {
      const child = spawn("sleep", ["1000"], { detached: true });
      await once(child, "spawn");
      const pid = sign * Number(child.pid);
      assert.is(sendSignal(pid, "SIGKILL"), true);
      const [, signal] = await once(child, "exit");
      assert.is(signal, "SIGKILL");
      assert.is(sendSignal(pid, "SIGKILL"), false);
    }
  });
});
