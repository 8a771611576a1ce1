import * as assert from "uvu/assert";
import type { AoClient } from "../../src/client/client.ts";
import { ClientError } from "../../src/client/client-error.ts";
import { suite } from "../support/suite.ts";
import { signal } from "./fake-rows.ts";
import { startServer } from "./running-server.ts";

/** One call that works and one that fails, of every RPC with one answer. */
const CALLS: Record<
  string,
  {
    ok: (client: AoClient) => Promise<unknown>;
    yields?: unknown;
    fails?: (client: AoClient) => Promise<unknown>;
    reason?: string;
  }
> = {
  AddProject: {
    ok: async (c) => (await c.projects.add({ path: "/src/x", id: "x" })).path,
    yields: "/src/x",
    fails: (c) => c.projects.add({ path: "relative" }),
    reason: "INVALID_FIELD",
  },
  GetProject: {
    ok: async (c) => (await c.projects.get("web")).defaultBranch,
    yields: "main",
    fails: (c) => c.projects.get("nope"),
    reason: "PROJECT_NOT_FOUND",
  },
  ListProjects: {
    ok: async (c) => (await c.projects.list()).projects.length,
    yields: 1,
    fails: (c) => c.projects.list({ pageSize: -1 }),
    reason: "INVALID_FIELD",
  },
  UpdateProject: {
    ok: async (c) => (await c.projects.update({ projectId: "web", defaultBranch: "dev" })).defaultBranch,
    yields: "dev",
    fails: (c) => c.projects.update({ projectId: "web" }),
    reason: "INVALID_FIELD",
  },
  RemoveProject: {
    ok: (c) => c.projects.remove("unknown"),
    fails: (c) => c.projects.remove("web"),
    reason: "PROJECT_IN_USE",
  },
  SpawnSession: {
    ok: async (c) => (await c.sessions.spawn({ projectId: "web", name: "n" })).name,
    yields: "n",
    fails: (c) => c.sessions.spawn({ projectId: "nope" }),
    reason: "PROJECT_NOT_FOUND",
  },
  GetSession: {
    ok: async (c) => (await c.sessions.get("web-1")).status,
    yields: "idle",
    fails: (c) => c.sessions.get("web-9"),
    reason: "SESSION_NOT_FOUND",
  },
  ListSessions: {
    ok: async (c) => (await c.sessions.list({ statuses: ["idle"] })).sessions.map(({ id }) => id),
    yields: ["web-1", "web-2", "web-3"],
    fails: (c) => c.sessions.list({ pageToken: "garbage" }),
    reason: "INVALID_PAGE_TOKEN",
  },
  UpdateSession: {
    ok: async (c) => (await c.sessions.update({ sessionId: "web-1", name: "", labels: { a: "b" } })).labels,
    yields: { a: "b" },
    fails: (c) => c.sessions.update({ sessionId: "web-1" }),
    reason: "INVALID_FIELD",
  },
  SendMessage: {
    ok: (c) => c.sessions.send({ sessionId: "web-1", text: "go on\n\tplease" }),
    yields: { messageId: "m-1", stage: "submitted", detail: "no prompt event yet" },
    fails: (c) => c.sessions.send({ sessionId: "web-1", text: "\u001b[31m" }),
    reason: "INVALID_FIELD",
  },
  ListMessages: {
    ok: async (c) => {
      const page = await c.sessions.listMessages({ sessionId: "web-1", pageSize: 1 });
      const next = await c.sessions.listMessages({ sessionId: "web-1", pageToken: page.nextPageToken });
      return [page.messages, next.messages.length];
    },
    yields: [
      [
        {
          id: "m-2",
          sessionId: "web-1",
          launchId: "l-own",
          text: "go on",
          whenBusy: "queue",
          requestId: "r-1",
          stage: "submitted",
          detail: "no prompt event yet",
          failureReason: "",
          enters: 2,
          createTime: 1000,
          waitUntilTime: 9000,
          typedTime: 2000,
          submittedTime: 3000,
          endTime: 5000,
        },
      ],
      2,
    ],
    fails: (c) => c.sessions.listMessages({ sessionId: "web-1", pageToken: "garbage" }),
    reason: "INVALID_PAGE_TOKEN",
  },
  WaitMessage: {
    ok: async (c) => (await c.sessions.waitMessage({ messageId: "m-7", timeoutMs: 50 })).id,
    yields: "m-7",
    fails: (c) => c.sessions.waitMessage({ messageId: "nope" }),
    reason: "MESSAGE_NOT_FOUND",
  },
  CancelMessage: {
    ok: async (c) => {
      const { message, cancelled } = await c.sessions.cancelMessage("m-1");
      return [message.failureReason, cancelled];
    },
    yields: ["MESSAGE_WITHDRAWN", true],
    fails: (c) => c.sessions.cancelMessage("../m-1"),
    reason: "INVALID_FIELD",
  },
  InterruptSession: {
    ok: async (c) => (await c.sessions.interrupt("web-1")).interrupted,
    yields: true,
    fails: (c) => c.sessions.interrupt("nope-1"),
    reason: "SESSION_NOT_FOUND",
  },
  AnswerRequest: {
    ok: async (c) => (await c.sessions.answer({ sessionId: "web-1", answer: "approve" })).id,
    yields: "web-1",
    fails: (c) => c.sessions.answer({ sessionId: "web-2", answer: "deny" }),
    reason: "NOT_BLOCKED",
  },
  KillSession: {
    ok: async (c) => (await c.sessions.kill({ sessionId: "web-3", graceMs: 10 })).status,
    yields: "terminated",
    fails: (c) => c.sessions.kill({ sessionId: "web-3", graceMs: 60_001 }),
    reason: "INVALID_FIELD",
  },
  RestoreSession: {
    ok: async (c) => c.sessions.restore({ sessionId: "web-1" }).catch((error) => error.reason),
    yields: "SESSION_RUNNING",
    fails: (c) => c.sessions.restore({ sessionId: "web-1", environment: { "A=B": "" } }),
    reason: "INVALID_FIELD",
  },
  RemoveSession: {
    ok: (c) => c.sessions.remove("web-2"),
    yields: { salvageRef: "refs/ao/salvage/web-2", keptBranch: "", leftOut: ["node_modules"] },
    fails: (c) => c.sessions.remove(""),
    reason: "INVALID_FIELD",
  },
  ListSalvages: {
    ok: async (c) => {
      const one = await c.salvages.list({ pageSize: 1, projectId: "web" });
      const two = await c.salvages.list({ pageSize: 1, projectId: "web", pageToken: one.nextPageToken });
      return [...one.salvages, ...two.salvages].map(({ ref, sizeBytes }) => [ref, sizeBytes]);
    },
    yields: [
      ["refs/ao/salvage/web-8", 2 ** 40],
      ["refs/ao/salvage/web-9", 2 ** 40],
    ],
    fails: async (c) => {
      const { nextPageToken } = await c.salvages.list({ pageSize: 1, projectId: "web" });
      await c.salvages.list({ pageToken: nextPageToken });
    },
    reason: "INVALID_PAGE_TOKEN",
  },
  GetSalvage: {
    ok: async (c) => (await c.salvages.get("refs/ao/salvage/web-9")).saveTime,
    yields: 1_700_000_000_000,
    fails: (c) => c.salvages.get("web-1"),
    reason: "SALVAGE_NOT_FOUND",
  },
  RestoreSalvage: {
    ok: async (c) => {
      const { salvage, ...restored } = await c.salvages.restore({ salvage: "web-9", branch: "b" });
      return { ...restored, ref: salvage.ref };
    },
    yields: { path: "/back", branch: "b", notes: ["a note"], ref: "refs/ao/salvage/web-9" },
    fails: (c) => c.salvages.restore({ salvage: "web-9", path: "/taken" }),
    reason: "PATH_IN_USE",
  },
  DropSalvage: {
    ok: async (c) => [await c.salvages.drop("web-9"), await c.salvages.drop("web-1")],
    yields: ["c0ffee", ""],
    fails: (c) => c.salvages.drop("refs/heads/main"),
    reason: "INVALID_FIELD",
  },
  WaitSession: {
    ok: async (c) => (await c.sessions.wait({ sessionId: "web-2", statuses: ["idle"] })).id,
    yields: "web-2",
    fails: (c) => c.sessions.wait({ sessionId: "web-2", statuses: ["failed"], timeoutMs: 0 }),
    reason: "WAIT_TIMED_OUT",
  },
  GetTerminal: {
    ok: (c) => c.sessions.terminal({ sessionId: "web-1" }),
    yields: "$ hello\n",
    fails: (c) => c.sessions.terminal({ sessionId: "web-1", lines: 10_001 }),
    reason: "INVALID_FIELD",
  },
  ReportActivity: {
    ok: (c) => c.activity.report(signal("s")),
    yields: { outcome: "applied", rule: "R6", reason: "because" },
    fails: (c) => c.activity.report(signal("")),
    reason: "INVALID_FIELD",
  },
  ListSignals: {
    ok: async (c) => (await c.activity.list({ sessionId: "web-1" })).signals.length,
    yields: 50,
    fails: (c) => c.activity.list({ sessionId: "nope" }),
    reason: "SESSION_NOT_FOUND",
  },
  ExplainSession: {
    ok: async (c) => (await c.activity.explain("web-1")).signals.map(({ logId }) => logId),
    yields: [120, 119],
    fails: (c) => c.activity.explain("nope"),
    reason: "SESSION_NOT_FOUND",
  },
  ListHarnesses: {
    ok: async (c) => (await c.harnesses.list({ pageSize: 2 })).harnesses.map(({ id }) => id),
    yields: ["claude-code", "codex"],
    fails: (c) => c.harnesses.list({ pageToken: "?" }),
    reason: "INVALID_PAGE_TOKEN",
  },
  GetHarness: {
    ok: async (c) => (await c.harnesses.get("codex")).binaryPath,
    yields: "/bin/codex",
    fails: (c) => c.harnesses.get("nope"),
    reason: "HARNESS_NOT_FOUND",
  },
  DeriveActivity: {
    ok: (c) => c.harnesses.derive({ harnessId: "codex", event: "Stop", payloadJson: "{}" }),
    yields: { meaning: "prompt", fields: { prompt: "hi" }, state: "active", rule: "R6", reason: "a prompt" },
    fails: (c) => c.harnesses.derive({ harnessId: "codex", event: "", payloadJson: "{}" }),
    reason: "INVALID_FIELD",
  },
  ReadScreen: {
    ok: (c) => c.harnesses.readScreen({ harnessId: "codex", screen: "trust" }),
    yields: {
      explanation: {
        reading: { kind: "gate", gate: "trust" },
        busy: true,
        composer: "",
        rows: [{ field: "screen.ready[0]", matches: false, lines: 3, missing: ["^>$"] }],
      },
      problems: [],
    },
    fails: (c) => c.harnesses.readScreen({ harnessId: "nope", screen: "" }),
    reason: "HARNESS_NOT_FOUND",
  },
  CheckHarness: {
    ok: async (c) => (await c.harnesses.check({ text: "bad" })).problems,
    yields: [{ line: 1, column: 2, field: "id", problem: "is wrong" }],
    fails: (c) => c.harnesses.check({ text: "x", harnessId: "../x" }),
    reason: "INVALID_FIELD",
  },
  TrustHarness: {
    ok: async (c) => (await c.harnesses.trust({ harnessId: "mine", fileDigest: "0".repeat(64) })).trust,
    yields: "trusted",
    fails: (c) => c.harnesses.trust({ harnessId: "other", fileDigest: "0".repeat(64) }),
    reason: "HARNESS_CHANGED",
  },
  DistrustHarness: {
    ok: (c) => c.harnesses.distrust("mine"),
    fails: (c) => c.harnesses.distrust("../x"),
    reason: "INVALID_FIELD",
  },
  GetDaemon: { ok: async (c) => (await c.daemon.get()).missedEvents, yields: 2 },
  CheckDaemon: {
    ok: (c) => c.daemon.check(),
    yields: [{ name: "tmux", level: "warning", detail: "old", hint: "update it" }],
  },
  StopDaemon: { ok: (c) => c.daemon.stop() },
};

suite("server/rpcs", ({ test }) => {
  for (const [rpc, { ok, yields, fails, reason }] of Object.entries(CALLS)) {
    test(`${rpc} answers`, async () => {
      await using running = await startServer();
      running.app.change("web-1", "idle");
      if (rpc === "AnswerRequest") running.app.change("web-1", "needs_input");
      assert.equal(await ok(running.client), yields);
    });

    if (!fails) continue;
    test(`${rpc} fails with ${reason}`, async () => {
      await using running = await startServer();
      const error = await fails(running.client).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.instance(error, ClientError);
      assert.is((error as ClientError).reason, reason);
      assert.ok((error as ClientError).message.length > 0);
      assert.ok((error as ClientError).hint.length > 0);
    });
  }

  test("a bug is logged with its stack under an id, and the client sees the id only", async () => {
    await using running = await startServer();
    running.app.failure = new TypeError("secret detail");
    const error = await running.client.sessions.get("web-1").then(
      () => undefined,
      (thrown: ClientError) => thrown,
    );
    const line = running.log.find(({ level }) => level === "error");
    assert.is(error?.reason, "INTERNAL");
    assert.is(error?.message, `internal error ${line?.fields.id}`);
    assert.not.match(JSON.stringify([error?.message, error?.metadata, error?.hint]), /secret/);
    assert.match(String((line?.fields.err as Error | undefined)?.stack), /secret detail/);
  });

  test("defaults stand where the proto says so", async () => {
    await using running = await startServer();
    await running.client.sessions.spawn({ projectId: "web" });
    assert.equal(running.app.calls.get("spawn"), {
      projectId: "web",
      harness: "",
      prompt: "",
      name: "",
      branch: "",
      baseRef: "",
      model: "",
      permissionMode: "default",
      kind: "worker",
      issue: "",
      runtime: "tmux",
      requestId: "",
      environment: undefined,
      labels: {},
    });
    await running.client.sessions.kill({ sessionId: "web-1" });
    assert.equal(running.app.calls.get("kill"), { sessionId: "web-1", graceMs: 5000 });
    await running.client.sessions.terminal({ sessionId: "web-1" });
    assert.equal(running.app.calls.get("terminal"), { id: "web-1", lines: 200 });
  });

  test("a mask changes only what it names", async () => {
    await using running = await startServer();
    await running.client.sessions.update({ sessionId: "web-1", name: "new" });
    assert.equal(running.app.calls.get("update"), { id: "web-1", fields: { name: "new" } });
  });

  test("pages of signals and harnesses join without gap or repeat", async () => {
    await using running = await startServer();
    const seen: number[] = [];
    for (let pageToken = "", first = true; first || pageToken; first = false) {
      const page = await running.client.activity.list({ sessionId: "web-1", pageSize: 40, pageToken });
      seen.push(...page.signals.map(({ logId }) => logId));
      pageToken = page.nextPageToken;
    }
    assert.equal(
      seen,
      Array.from({ length: 120 }, (_, index) => 120 - index),
    );
    const { nextPageToken } = await running.client.harnesses.list({ pageSize: 2 });
    const last = await running.client.harnesses.list({ pageSize: 2, pageToken: nextPageToken });
    assert.equal([last.harnesses.map(({ id }) => id), last.nextPageToken], [["gone"], ""]);
  });

  test("a page token of another filter or another list is refused", async () => {
    await using running = await startServer();
    const { nextPageToken } = await running.client.sessions.list({ pageSize: 1 });
    assert.ok(nextPageToken);
    for (const call of [
      () => running.client.sessions.list({ pageSize: 1, pageToken: nextPageToken, statuses: ["idle"] }),
      () => running.client.harnesses.list({ pageToken: nextPageToken }),
    ]) {
      assert.is(await call().catch((error: ClientError) => error.reason), "INVALID_PAGE_TOKEN");
    }
  });
});
