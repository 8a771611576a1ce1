import { status } from "@grpc/grpc-js";
import fc from "fast-check";
import * as assert from "uvu/assert";
import * as activity from "../../gen/ao/v1/activity_service.ts";
import * as harness from "../../gen/ao/v1/harness_service.ts";
import * as project from "../../gen/ao/v1/project_service.ts";
import * as salvage from "../../gen/ao/v1/salvage_service.ts";
import * as session from "../../gen/ao/v1/session_service.ts";
import { RPC_POLICIES } from "../../src/server/policy.ts";
import { suite } from "../support/suite.ts";
import { TOKENS } from "./fake-app.ts";
import { createRawCaller } from "./raw-call.ts";
import { startServer } from "./running-server.ts";

const INVALID_ARGUMENT = 3;
const NASTY = [
  "",
  " ",
  "-rf",
  "--upload-pack=touch /tmp/x",
  "../../etc/passwd",
  "/etc/passwd\0.png",
  "$(reboot)",
  "`id`",
  "a;b|c&d",
  "\u001b]0;title\u0007",
  "\r\nX: y",
  "\u202egnp",
  "\ud83d\ude00",
  "__proto__",
  "constructor",
  "x".repeat(5000),
  "é".repeat(200_000),
];

const text = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary", maxLength: 300 }));
const int = fc.constantFrom(-1, 0, 1, 99, 2 ** 31 - 1, -(2 ** 31));
const long = fc.constantFrom(-1, 0, 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER);
const duration = fc.option(fc.record({ seconds: long, nanos: int }), { nil: undefined });
const map = fc.dictionary(text, text, { maxKeys: 3 });
const mask = fc.option(fc.array(text, { maxLength: 3 }), { nil: undefined });

/** Messages with every field a caller could bend. */
const REQUESTS: Record<string, fc.Arbitrary<Uint8Array>> = {
  SpawnSession: message(session.SpawnSessionRequest, {
    projectId: fc.oneof(fc.constant("web"), text),
    harness: text,
    prompt: text,
    name: text,
    branch: text,
    baseRef: text,
    model: text,
    permissionMode: int,
    kind: int,
    issue: text,
    runtime: int,
    requestId: text,
    environment: map,
    labels: map,
  }),
  GetSession: message(session.GetSessionRequest, { sessionId: text }),
  ListSessions: message(session.ListSessionsRequest, {
    pageSize: int,
    pageToken: text,
    projectId: text,
    statuses: fc.array(int, { maxLength: 3 }),
  }),
  UpdateSession: message(session.UpdateSessionRequest, {
    session: fc.option(fc.record({ id: text, name: text, labels: map }), { nil: undefined }),
    updateMask: mask,
  }),
  SendMessage: message(session.SendMessageRequest, {
    sessionId: text,
    text,
    whenBusy: int,
    waitTimeout: duration,
    requestId: text,
  }),
  ListMessages: message(session.ListMessagesRequest, { sessionId: text, pageSize: int, pageToken: text }),
  WaitMessage: message(session.WaitMessageRequest, { messageId: text, timeout: duration }),
  CancelMessage: message(session.CancelMessageRequest, { messageId: text }),
  AnswerRequest: message(session.AnswerRequestRequest, { sessionId: text, requestId: text, answer: int }),
  KillSession: message(session.KillSessionRequest, { sessionId: text, graceDuration: duration }),
  RestoreSession: message(session.RestoreSessionRequest, { sessionId: text, prompt: text, environment: map }),
  RemoveSession: message(session.RemoveSessionRequest, { sessionId: text }),
  ListSalvages: message(salvage.ListSalvagesRequest, { pageSize: int, pageToken: text, projectId: text }),
  GetSalvage: message(salvage.GetSalvageRequest, { salvage: text }),
  RestoreSalvage: message(salvage.RestoreSalvageRequest, {
    salvage: fc.oneof(fc.constant("web-9"), text),
    path: text,
    branch: text,
  }),
  DropSalvage: message(salvage.DropSalvageRequest, { salvage: text }),
  WaitSession: message(session.WaitSessionRequest, {
    sessionId: text,
    statuses: fc.array(int, { maxLength: 3 }),
    timeout: fc.constant({ seconds: 0, nanos: 0 }),
  }),
  GetTerminal: message(session.GetTerminalRequest, { sessionId: text, lines: int }),
  AddProject: message(project.AddProjectRequest, {
    path: text,
    id: text,
    defaultBranch: text,
    defaultHarness: text,
  }),
  ListProjects: message(project.ListProjectsRequest, {
    pageSize: int,
    pageToken: text,
    containingPath: text,
  }),
  UpdateProject: message(project.UpdateProjectRequest, {
    project: fc.option(fc.record({ id: text, defaultBranch: text, defaultHarness: text }), {
      nil: undefined,
    }),
    updateMask: mask,
  }),
  ReportActivity: message(activity.ReportActivityRequest, {
    signal: fc.option(
      fc.record({
        signalId: text,
        launchId: text,
        seq: long,
        observedTime: fc.option(fc.date({ min: new Date(0), max: new Date(1e14), noInvalidDate: true }), {
          nil: undefined,
        }),
        kind: int,
        harness: text,
        event: text,
        fields: fc.record({ prompt: text, cwd: text, pid: int }),
      }),
      { nil: undefined },
    ),
  }),
  ListSignals: message(activity.ListSignalsRequest, {
    sessionId: text,
    pageSize: int,
    pageToken: text,
    launchId: text,
  }),
  CheckHarness: message(harness.CheckHarnessRequest, { text, harnessId: text }),
  TrustHarness: message(harness.TrustHarnessRequest, { harnessId: text, fileDigest: text }),
  DistrustHarness: message(harness.DistrustHarnessRequest, { harnessId: text }),
  ReadScreen: message(harness.ReadScreenRequest, { harnessId: text, text, screen: text }),
  DeriveActivity: message(harness.DeriveActivityRequest, { harnessId: text, event: text, payloadJson: text }),
};

const pathOf = (rpc: string) => Object.keys(RPC_POLICIES).find((path) => path.endsWith(`/${rpc}`)) ?? rpc;

suite("server/hostile fields", ({ test }) => {
  for (const [rpc, request] of Object.entries(REQUESTS)) {
    test(
      `${rpc} answers or says what is wrong, whatever it is sent`,
      async () => {
        await using running = await startServer();
        const raw = createRawCaller(running.socketPath);
        await fc.assert(
          fc.asyncProperty(request, async (bytes) => {
            const { code, details } = await raw.call(pathOf(rpc), bytes, { token: TOKENS.operator });
            assert.ok([0, INVALID_ARGUMENT, 4, 5, 9].includes(code), `code ${code}: ${details}`);
            assert.ok(details.length < 2000, "the text is short");
          }),
          { numRuns: 60 },
        );
        assert.equal(
          running.log.filter(({ level }) => level === "error"),
          [],
        );
        raw.close();
      },
      { timeoutMs: 60_000 },
    );
  }

  test("bytes that are no message are refused, whichever RPC gets them", async () => {
    await using running = await startServer();
    const raw = createRawCaller(running.socketPath);
    const garbage = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x01]);
    for (const path of Object.keys(RPC_POLICIES)) {
      const refused = await raw.call(path, garbage, { token: TOKENS.operator, timeoutMs: 20_000 });
      assert.is(refused.code, status.INVALID_ARGUMENT, path);
      assert.match(refused.details, /"request" is no message of this call's type/);
      assert.is(
        (await raw.call(path, garbage)).code,
        status.UNAUTHENTICATED,
        "who has no token learns nothing",
      );
    }
    assert.is((await running.client.daemon.get()).version, "0.1.0");
    raw.close();
  });

  test("a message of more than 4 MiB is refused and the server lives", async () => {
    await using running = await startServer();
    const error = await running.client.sessions
      .spawn({ projectId: "web", prompt: "x".repeat(5 * 1024 * 1024) })
      .catch((thrown) => thrown);
    assert.is(error.reason, "MESSAGE_TOO_LARGE");
    assert.is((await running.client.sessions.get("web-1")).id, "web-1");
  });

  const refused: [string, string, Record<string, unknown>][] = [
    ["branch", "must not start with '-'", { branch: "-f" }],
    ["base_ref", "must not start with '-'", { baseRef: "--all" }],
    ["name", "must not contain control characters", { name: "a\u0007" }],
    ["name", "must have at most 100 characters", { name: "x".repeat(101) }],
    ["prompt", "must have at most 120000 bytes", { prompt: "é".repeat(60_001) }],
    ["prompt", "must not contain NUL", { prompt: "a\0b" }],
    ["environment", "must have names without '=' and NUL", { environment: { "A=B": "c" } }],
    ["environment", "must have values without NUL", { environment: { SECRET: "hush\0" } }],
    ["labels", "must have at most 64 entries", { labels: numbered(65) }],
    ["project_id", "must be 1 to 63 of a-z", { projectId: "../x" }],
  ];
  for (const [field, problem, fields] of refused) {
    test(`a spawn says what is wrong with ${field}: ${problem}`, async () => {
      await using running = await startServer();
      const error = await running.client.sessions
        .spawn({ projectId: "web", ...fields })
        .catch((thrown) => thrown);
      assert.is(error.reason, "INVALID_FIELD");
      assert.is(error.metadata.field, field);
      assert.ok(error.message.includes(problem), error.message);
      assert.not.match(error.message, /hush/);
      assert.not.ok(running.app.calls.has("spawn"));
    });
  }
});

function message<T>(
  type: MessageFns<T>,
  fields: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Uint8Array> {
  return fc
    .record(fields, { requiredKeys: [], noNullPrototype: true })
    .map((partial) => type.encode(type.fromPartial(partial as never)).finish());
}

interface MessageFns<T> {
  fromPartial(partial: never): T;
  encode(value: T): { finish(): Uint8Array };
}

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, ""]));
}
