import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { bootLines } from "../../src/cli/render/daemon.ts";
import { createPalette } from "../../src/cli/render/palette.ts";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { sendSignal } from "../../src/util/send-signal.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";

const SLOW = { timeoutMs: 120_000 };

suite("while ao was away", (s) => {
  let daemon: RealDaemon;
  s.before(async () => {
    daemon = await createRealDaemon();
  });
  s.after(() => daemon.close());

  const settled = () =>
    eventually(
      async () => {
        const { boot } = await daemon.client.daemon.get();
        return boot.pending === 0 ? boot : undefined;
      },
      { timeoutMs: 30_000, what: "every fate known" },
    );

  s.test(
    "what lives is adopted, each end is named with its cause, told in the log and restored in one go",
    async () => {
      const { sessions } = daemon.client;
      const environment = { PATH: daemon.env.PATH ?? "", HOME: daemon.env.HOME ?? "" };
      for (let number = 0; number < 4; number += 1)
        await sessions.spawn({ projectId: "shop", harness: "demo", prompt: "hello", environment });
      const pids: number[] = [];
      for (let number = 1; number <= 4; number += 1) {
        const sessionId = `shop-${number}`;
        const idle = await sessions.wait({ sessionId, statuses: ["idle"], timeoutMs: 60_000 });
        pids.push(idle.process.pid ?? 0);
      }
      await daemon.kill();
      process.kill(pids[0] as number, "SIGKILL");
      process.kill(pids[1] as number, "SIGTERM");
      const table = createProcessTable({ scope: { AO_HOME: daemon.paths.home } });
      // With its launcher and its terminal: nobody is left to tell.
      for (const { pid } of await table.findByTag({ sessionId: "shop-3" })) sendSignal(pid, "SIGKILL");
      await eventually(async () => (await table.identify(pids[1] as number)) === undefined, {
        what: "the end of the second agent",
      });
      await daemon.start();

      const boot = await settled();
      const told = Object.fromEntries(boot.deaths.map(({ sessionId, reason }) => [sessionId, reason]));
      assert.equal(told, {
        "shop-1": "killed by SIGKILL",
        "shop-2": "exited with code 143",
        "shop-3": "its process is gone; nobody saw it end",
      });
      assert.equal([boot.adopted, boot.died], [1, 3]);
      const [line, hint] = bootLines(boot, createPalette(false));
      assert.match(line ?? "", /^while ao was away: 1 went on, 3 ended: shop-3 \(its process is gone/);
      assert.match(hint ?? "", /ao session restore --all/);
      const log = readFileSync(daemon.paths.daemonLogPath, "utf8");
      const lines = log.split("\n").filter((entry) => entry.includes("of the daemon before reconciled"));
      assert.is(lines.length, 1);
      assert.match(lines[0] ?? "", /"adopted":1,"died":3/);

      for (const id of ["shop-1", "shop-2", "shop-3"])
        await daemon.client.sessions.restore({ sessionId: id, environment });
      assert.is((await settled()).died, 0);
      assert.equal(bootLines(await settled(), createPalette(false)), []);
    },
    SLOW,
  );
});
