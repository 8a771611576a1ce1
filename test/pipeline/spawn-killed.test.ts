import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { SPAWN_FAIL_POINTS } from "../../src/util/fail-point.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";

const AO_HOOK = join(import.meta.dirname, "../../bin/ao-hook");
const SLOW = { timeoutMs: 120_000 };

suite("the daemon is killed in the middle of a spawn", (s) => {
  let daemon: RealDaemon;
  s.before(async () => {
    daemon = await createRealDaemon();
  });
  s.after(() => daemon.close());

  const restartWith = async (failPoints: string) => {
    await daemon.kill();
    if (failPoints) daemon.env.AO_FAIL_POINTS = failPoints;
    else delete daemon.env.AO_FAIL_POINTS;
    await daemon.start();
  };
  const branches = () =>
    execFileSync("git", ["-C", daemon.repository, "branch", "--list", "ao/*"], { encoding: "utf8" });

  for (const [index, point] of SPAWN_FAIL_POINTS.entries()) {
    s.test(
      `at ${point}: asked again with the same request id, one agent works, and nothing else is left`,
      async () => {
        const sessions = () => daemon.client.sessions;
        const request = {
          projectId: "shop",
          harness: "demo",
          prompt: "hello",
          requestId: `r${index}`,
          environment: { PATH: daemon.env.PATH ?? "", HOME: daemon.env.HOME ?? "" },
        };
        await restartWith(`${point}:1`);
        const lost = await sessions()
          .spawn(request)
          .catch((error: { reason: string }) => error.reason);
        assert.is(lost, "DAEMON_UNREACHABLE");
        await restartWith("");
        const found = (await sessions().list()).sessions[0];
        assert.is(found?.status === "starting" || found?.status === "idle", true, found?.status);

        const { id } = await sessions().spawn(request);
        const idle = await sessions().wait({ sessionId: id, statuses: ["idle"], timeoutMs: 30_000 });
        assert.is(idle.summary, "You said: hello");
        if (point === "spawn:launched") assert.is(id, found?.id, "it was launched: that is the session");
        else {
          const failed = await sessions().get(found?.id ?? "");
          assert.is(failed.status, "failed");
          assert.match(failed.statusReason, /the daemon ended while it was being started/);
          assert.not(existsSync(failed.workspace.path));
          assert.not.match(branches(), new RegExp(`${failed.workspace.branch}\\b`));
          assert.equal(await tagged(failed.id), []);
          assert.equal(launchesOf(failed.id), []);
        }
        assert.ok((await tagged(id)).length > 0);
        await sessions().kill({ sessionId: id });
        for (const session of (await sessions().list()).sessions) await sessions().remove(session.id);
        assert.is(branches(), "");
        await eventually(async () => (await daemon.client.daemon.get()).spoolFiles === 0, {
          what: "no spool",
        });
      },
      SLOW,
    );
  }

  for (const point of ["spawn:launched", "outbox:accepted"]) {
    s.test(
      `at ${point}, with a prompt that is typed: it is typed once, into the agent that was started`,
      async () => {
        const home = daemon.env.HOME ?? "";
        const heard = join(home, `heard-${point.replace(":", "-")}`);
        const agent = join(home, "kimi");
        writeFileSync(agent, typingAgent(heard), { mode: 0o755 });
        const environment = { PATH: daemon.env.PATH ?? "", HOME: home, AO_KIMI_BIN: agent };
        const request = {
          projectId: "shop",
          harness: "kimi",
          prompt: "hello",
          requestId: point,
          environment,
        };
        await restartWith(`${point}:1`);
        await daemon.client.sessions.spawn(request).catch((error: { reason: string }) => error.reason);
        await restartWith("");
        const { id } = await daemon.client.sessions.spawn(request);
        await eventually(() => existsSync(heard) && readFileSync(heard, "utf8").includes("hello"), {
          what: "the prompt in the agent",
          timeoutMs: 30_000,
        });
        await eventually(
          async () =>
            (await daemon.client.sessions.listMessages({ sessionId: id })).messages[0]?.stage ===
            "acknowledged",
          { what: "the outbox to know", timeoutMs: 30_000 },
        );
        assert.is(readFileSync(heard, "utf8").match(/hello/g)?.length, 1);
        for (const session of (await daemon.client.sessions.list()).sessions) {
          await daemon.client.sessions.kill({ sessionId: session.id });
          await daemon.client.sessions.remove(session.id);
        }
      },
      SLOW,
    );
  }

  const launchesOf = (sessionId: string) => {
    const dir = join(daemon.paths.sessionsDir, sessionId);
    return existsSync(dir) ? readdirSync(dir) : [];
  };
  const tagged = (sessionId: string) =>
    createProcessTable({ scope: { AO_HOME: daemon.paths.home } }).findByTag({ sessionId });
});

/** An agent that shows a composer, writes down what is typed into it, and tells of it as kimi does. */
function typingAgent(heard: string): string {
  return `#!/bin/sh
[ "$1" = --version ] && { echo 0.27.0; exit; }
printf '╭───╮\\n│ > │\\n╰───╯\\n'
while IFS= read -r line; do
printf '%s\\n' "$line" >>'${heard}'
printf '{"session_id":"s1","prompt":"%s"}' "$line" | '${AO_HOOK}' kimi UserPromptSubmit
printf '╭───╮\\n│ > │\\n╰───╯\\n'
done
`;
}
