import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import * as assert from "uvu/assert";
import type { ClientError } from "../../src/client/client-error.ts";
import { type AgentPlan, allFired, startAgents } from "../chaos/rig/agents.ts";
import { auditSignals } from "../chaos/rig/audit.ts";
import { watchRevisions } from "../chaos/rig/revisions.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";

const AGENTS = 3;
const PLAN: AgentPlan = { hooks: 60, burst: 10, pauseSeconds: 0.1, killEvery: 0, end: "stay" };

/** Limits how long the daemon's files may grow, which stands for a full disk: writes beyond it fail. */
function limitFiles(daemon: RealDaemon, bytes: number | "unlimited"): void {
  execFileSync("prlimit", [`--pid=${daemon.pid()}`, `--fsize=${bytes}:unlimited`]);
}

suite("a full disk under the database", ({ test }) => {
  test(
    "nothing is acknowledged, the doctor and the log say so, and with room it goes on: every signal once",
    async () => {
      // There is no prlimit on macOS.
      if (process.platform !== "linux") return;
      const daemon = await createRealDaemon();
      try {
        const { agents, openGate } = await startAgents(
          daemon,
          Array.from({ length: AGENTS }, () => PLAN),
        );
        const revisions = watchRevisions(daemon);
        await eventually(async () => (await daemon.client.daemon.get()).spoolFiles === 0, {
          timeoutMs: 20_000,
        });
        limitFiles(daemon, statSync(`${daemon.paths.databasePath}-wal`).size);
        openGate();
        await allFired(agents, 60_000);
        const spooled = await eventually(async () => (await daemon.client.daemon.get()).spoolFiles, {
          timeoutMs: 20_000,
        });
        // A launcher's own record may wait with them.
        assert.ok(spooled >= AGENTS * PLAN.hooks, `${spooled} wait in the spool`);
        const database = (await daemon.client.daemon.check()).find(({ name }) => name === "database");
        assert.is(database?.level, "error");
        assert.match(database?.detail ?? "", "nothing can be written");
        const refused = await daemon.client.sessions
          .update({ sessionId: "shop-1", name: "new" })
          .catch((error: ClientError) => error);
        assert.is((refused as ClientError).reason, "DATABASE_UNUSABLE");
        assert.is((await daemon.client.sessions.list()).sessions.length, AGENTS, "reads go on");

        limitFiles(daemon, "unlimited");
        await eventually(async () => (await daemon.client.daemon.get()).spoolFiles === 0, {
          timeoutMs: 60_000,
          what: "the spool drained",
        });
        const audit = await auditSignals(daemon.client, agents);
        assert.equal(
          [audit.logged, audit.lost, audit.duplicate, audit.misplaced, audit.failed, audit.wrong],
          [AGENTS * PLAN.hooks, 0, 0, 0, 0, []],
        );
        const { revision } = await daemon.client.sessions.list();
        await revisions.finish(revision);
        assert.equal([revisions.seen, revisions.wrong], [revision, []]);
        const checks = await daemon.client.daemon.check();
        assert.is(checks.find(({ name }) => name === "database")?.level, "ok");
        const log = readFileSync(daemon.paths.daemonLogPath, "utf8");
        for (const line of ["nothing can be committed", "commits work again"])
          assert.is(log.split(line).length - 1, 1, `"${line}" once in the log`);
      } finally {
        limitFiles(daemon, "unlimited");
        await daemon.close();
      }
    },
    { timeoutMs: 150_000 },
  );
});
