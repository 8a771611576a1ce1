import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { connect as connectSocket } from "node:net";
import * as assert from "uvu/assert";
import { Signal } from "../../gen/ao/v1/activity.ts";
import { ReportActivityRequest, StreamActivityRequest } from "../../gen/ao/v1/activity_service.ts";
import { GetSessionRequest } from "../../gen/ao/v1/session_service.ts";
import { createDescriptorIndex } from "../../src/server/descriptor-index.ts";
import { PUBLIC_SERVICES, RPC_POLICIES } from "../../src/server/policy.ts";
import { signalToProto } from "../../src/wire/signal.ts";
import { suite } from "../support/suite.ts";
import { TOKENS } from "./fake-app.ts";
import { OWN, signal } from "./fake-rows.ts";
import { createRawCaller } from "./raw-call.ts";
import { startServer } from "./running-server.ts";

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;
const EMPTY = new Uint8Array();

const own = Signal.create(signalToProto(signal("a")));
const foreign = Signal.create(signalToProto(signal("a", { launchId: "l-other" })));

/** What a session's token may do: a message of its own, and one of another's. */
const SESSION_MAY: Record<string, { own: Uint8Array; foreign?: Uint8Array }> = {
  "/ao.v1.SessionService/GetSession": {
    own: GetSessionRequest.encode({ sessionId: OWN.sessionId }).finish(),
    foreign: GetSessionRequest.encode({ sessionId: "web-2" }).finish(),
  },
  "/ao.v1.SessionService/ListSessions": { own: EMPTY },
  "/ao.v1.ActivityService/ReportActivity": {
    own: ReportActivityRequest.encode({ signal: own }).finish(),
    foreign: ReportActivityRequest.encode({ signal: foreign }).finish(),
  },
  "/ao.v1.ActivityService/StreamActivity": {
    own: StreamActivityRequest.encode({ signals: [own] }).finish(),
    foreign: StreamActivityRequest.encode({ signals: [own, foreign] }).finish(),
  },
};

suite("server/auth", ({ test }) => {
  test("every RPC of the contract is in the table of policies, and nothing else", () => {
    const { methods } = createDescriptorIndex(readFileSync("gen/ao.binpb"));
    const guarded = methods.filter((path) => !PUBLIC_SERVICES.some((name) => path.startsWith(`/${name}/`)));
    assert.equal(guarded.sort(), Object.keys(RPC_POLICIES).sort());
  });

  for (const path of Object.keys(RPC_POLICIES)) {
    test(`${path} needs a token`, async () => {
      await using running = await startServer();
      const raw = createRawCaller(running.socketPath);
      for (const token of [undefined, "", "wrong", `${TOKENS.operator} `, "operator-tokeN", "ü"]) {
        const { code } = await raw.call(path, EMPTY, { token: token && encodeURI(token) });
        assert.is(code, UNAUTHENTICATED, `token ${token}`);
      }
      raw.close();
      assert.is(running.app.calls.size, 0);
    });

    test(`${path} knows what a session may do`, async () => {
      await using running = await startServer();
      const raw = createRawCaller(running.socketPath);
      const may = SESSION_MAY[path];
      const token = TOKENS.session;
      if (may) assert.is((await raw.call(path, may.own, { token })).code, 0, "its own");
      const denied = may ? may.foreign : EMPTY;
      running.app.calls.clear();
      if (denied) assert.is((await raw.call(path, denied, { token })).code, PERMISSION_DENIED, "another's");
      raw.close();
      assert.is(running.app.calls.size, 0);
    });

    test(`${path} lets the operator in`, async () => {
      await using running = await startServer();
      const raw = createRawCaller(running.socketPath);
      // Streams without an answer to an empty request end with the deadline.
      const { code } = await raw.call(path, EMPTY, { token: TOKENS.operator, timeoutMs: 500 });
      raw.close();
      assert.not.equal(code, UNAUTHENTICATED);
      assert.not.equal(code, PERMISSION_DENIED);
    });
  }

  test("a session that lists sessions sees itself only", async () => {
    await using running = await startServer();
    const client = running.clientAs(TOKENS.session);
    const { sessions, revision, nextPageToken } = await client.sessions.list();
    assert.equal([sessions.map(({ id }) => id), revision, nextPageToken], [[OWN.sessionId], 3, ""]);
    assert.equal((await client.sessions.list({ statuses: ["failed"] })).sessions, []);
    assert.equal((await client.sessions.list({ projectId: "other" })).sessions, []);
    assert.is(await client.sessions.list({ pageSize: -1 }).catch((error) => error.reason), "INVALID_FIELD");
  });

  test("a token of bytes that are no text is refused, and the server lives", async () => {
    await using running = await startServer();
    const status = await postHttp2(
      running.socketPath,
      "/ao.v1.DaemonService/GetDaemon",
      "Bearer \u00ff\u0080",
    );
    assert.not.equal(status, "0");
    assert.is((await running.client.daemon.get()).version, "0.1.0");
  });

  test("a call that does not exist is refused as unimplemented", async () => {
    await using running = await startServer();
    const raw = createRawCaller(running.socketPath);
    const path = "/ao.v1.SessionService/DeleteEverything";
    assert.is((await raw.call(path, EMPTY, { token: TOKENS.operator })).code, 12);
    raw.close();
  });
});

/** Makes an empty call without a gRPC library, which would not send such a header; returns grpc-status. */
async function postHttp2(
  socketPath: string,
  path: string,
  authorization: string,
): Promise<string | undefined> {
  const session = connect("http://localhost", { createConnection: () => connectSocket(socketPath) });
  const headers = {
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    authorization,
  };
  const stream = session.request(headers);
  let status: string | undefined;
  for (const event of ["response", "trailers"]) {
    stream.on(event, (received: IncomingHttpHeaders) => {
      status = String(received["grpc-status"] ?? status);
    });
  }
  stream.end(Buffer.alloc(5));
  stream.resume();
  await once(stream, "close");
  session.destroy();
  return status;
}
