import * as assert from "uvu/assert";
import type { AoError } from "../../src/core/errors.ts";
import { createProcessRuntime } from "../../src/runtime/process-runtime.ts";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { suite } from "../support/suite.ts";
import { conformsToRuntime, onStage } from "./conformance.ts";
import { AO_RUN, launchOf, record } from "./fixture.ts";

const make = () => createProcessRuntime({ aoRun: AO_RUN, processes: createProcessTable() });

conformsToRuntime("process", make);

suite("process runtime", ({ test }) => {
  test("has no keyboard", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const handle = await start(launchOf(root, ["sleep", "1000"]));
      for (const attempt of [runtime.paste(handle, "x"), runtime.press(handle, ["Enter"])]) {
        const error = await attempt.catch((thrown: unknown) => thrown);
        assert.is((error as AoError).reason, "UNSUPPORTED");
      }
      assert.equal(runtime.attachCommand(handle), []);
    }));

  test("shows output as a terminal would: both streams, no escapes, the last lines", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const script = "printf '\\033[31mred\\033[0m\\n10%%\\r20%%\\r\\n'; echo error >&2; printf 'end\\n\\n'";
      const request = launchOf(root, ["/bin/sh", "-c", script]);
      const handle = await start(request);
      await record(request, "exited");
      assert.is(await runtime.capture(handle, 10), "red\n20%\nerror\nend");
      assert.is(await runtime.capture(handle, 2), "error\nend");
    }));

  test("gives the agent no input and a session of its own", () =>
    onStage(make, async ({ root, runtime, start }) => {
      const request = launchOf(root, ["/bin/sh", "-c", "cat; ps -o sid= -p $$"]);
      const handle = await start(request);
      await record(request, "exited");
      const session = Number(await runtime.capture(handle, 1));
      assert.ok(session > 1);
      assert.is.not(session, process.pid);
    }));

  test("says what is wrong when ao-run is missing", async () => {
    const broken = createProcessRuntime({ aoRun: "/nowhere/ao-run", processes: createProcessTable() });
    assert.match((await broken.check()) ?? "", "/nowhere/ao-run");
  });
});
