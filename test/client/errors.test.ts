import * as assert from "uvu/assert";
import { createClient } from "../../src/client/client.ts";
import { ClientError } from "../../src/client/client-error.ts";
import { connect } from "../../src/client/connection.ts";
import { errorFromStatus } from "../../src/client/error-from-status.ts";
import { AoError } from "../../src/core/errors.ts";
import { TOKENS } from "../server/fake-app.ts";
import { startServer } from "../server/running-server.ts";
import { suite } from "../support/suite.ts";

const status = (code: number, message = "text") =>
  errorFromStatus({ call: "GetSession", target: "/run/ao", code, message, cause: undefined });

suite("client/errors", ({ test }) => {
  test("an error of the daemon arrives with reason, text, hint and metadata", async () => {
    await using running = await startServer();
    const error = await running.client.sessions.get("no such").catch((thrown: unknown) => thrown);
    assert.instance(error, AoError);
    const { reason, message, hint, metadata, code, kind } = error as ClientError;
    assert.equal(
      { reason, message, hint, metadata, code, kind },
      {
        reason: "SESSION_NOT_FOUND",
        message: 'no session "no such"',
        hint: "See `ao ls`.",
        metadata: { session: "no such" },
        code: 5,
        kind: "not_found",
      },
    );
  });

  test("a reason of a newer daemon keeps its text and its name", () => {
    const init = { message: "text", hint: "do this", metadata: { a: "b" }, code: 9 };
    const error = new ClientError({ ...init, reason: "FROM_THE_FUTURE" });
    assert.equal(
      [error.reason, error.message, error.hint, error.metadata],
      ["INTERNAL", "text", "do this", { a: "b", reason: "FROM_THE_FUTURE" }],
    );
  });

  test("a bare status says what it means here", async () => {
    assert.equal((await status(14)).message, 'no daemon answers at "/run/ao"');
    assert.is((await status(1)).reason, "DAEMON_STOPPING");
    assert.is((await status(4)).reason, "CALL_TIMED_OUT");
    assert.is((await status(8)).reason, "MESSAGE_TOO_LARGE");
    const unknown = await status(12);
    assert.equal(
      [unknown.reason, unknown.hint],
      ["UNSUPPORTED", "Start the new one: `ao stop`, then `ao start`."],
    );
    const bug = await status(13, "boom");
    assert.equal([bug.reason, bug.message], ["INTERNAL", "GetSession failed: boom"]);
  });

  test("details that are no details are ignored", async () => {
    const details = Buffer.from([0x1a, 0xff, 0xff]);
    const error = await errorFromStatus({
      call: "GetSession",
      target: "/run/ao",
      code: 14,
      message: "",
      details,
      cause: undefined,
    });
    assert.is(error.reason, "DAEMON_UNREACHABLE");
  });

  test("no daemon at the socket is DAEMON_UNREACHABLE, for calls and for streams", async () => {
    const client = createClient({ socketPath: "/tmp/ao-no-such-socket", token: "t" });
    const error = await client.sessions.get("a").catch((thrown: ClientError) => thrown);
    assert.equal(
      [(error as ClientError).reason, (error as ClientError).metadata],
      ["DAEMON_UNREACHABLE", { socket: "/tmp/ao-no-such-socket" }],
    );
    const watch = client.sessions.watch()[Symbol.asyncIterator]();
    assert.is(await watch.next().catch((thrown: ClientError) => thrown.reason), "DAEMON_UNREACHABLE");
    client.close();
  });

  test("a call without an answer ends at its deadline", async () => {
    await using running = await startServer();
    const connection = connect({ socketPath: running.socketPath, token: TOKENS.operator });
    const { SessionServiceDefinition } = await import("../../gen/ao/v1/session_service.ts");
    const stubs = connection.stubs(SessionServiceDefinition);
    const call = { name: "WaitSession", deadlineMs: 100 };
    const error = await connection
      .unary(call, (options) => stubs.waitSession({ sessionId: "web-1", statuses: [8] }, options))
      .catch((thrown: ClientError) => thrown);
    assert.equal(
      [(error as ClientError).reason, (error as ClientError).message],
      ["CALL_TIMED_OUT", "WaitSession got no answer within 0.1 s"],
    );
    connection.close();
  });

  test("a signal that has aborted already makes no call", async () => {
    await using running = await startServer();
    const reason = new Error("too late");
    const failed = await running.client.sessions
      .get("web-1", AbortSignal.abort(reason))
      .catch((error) => error);
    assert.is(failed, reason);
    assert.not.ok(running.app.calls.has("get"));
  });
});
