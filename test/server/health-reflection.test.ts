import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createChannel, createClient as createStub } from "nice-grpc";
import * as assert from "uvu/assert";
import {
  HealthDefinition,
  HealthCheckResponse_ServingStatus as Serving,
} from "../../gen/grpc/health/v1/health.ts";
import { suite } from "../support/suite.ts";
import { TOKENS } from "./fake-app.ts";
import { startServer } from "./running-server.ts";

const run = promisify(execFile);
const BUF = "node_modules/.bin/buf";

suite("server/health and reflection", ({ test }) => {
  for (const protocol of ["grpc-v1", "grpc-v1alpha"]) {
    test(`buf curl lists services by ${protocol} reflection, without a token`, async () => {
      await using running = await startServer();
      const { stdout } = await curl(running.socketPath, ["--reflect-protocol", protocol, "--list-services"]);
      assert.equal(stdout.trim().split("\n").sort(), [
        "ao.v1.ActivityService",
        "ao.v1.DaemonService",
        "ao.v1.HarnessService",
        "ao.v1.ProjectService",
        "ao.v1.SalvageService",
        "ao.v1.SessionService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
      ]);
    });
  }

  test("buf curl lists methods and calls one it knows by reflection only", async () => {
    await using running = await startServer();
    const methods = await curl(running.socketPath, ["--list-methods"]);
    assert.match(methods.stdout, /ao\.v1\.SessionService\/WatchSessions/);
    const { stdout } = await curl(running.socketPath, [
      "-H",
      `authorization: Bearer ${TOKENS.operator}`,
      "-d",
      '{"session_id":"web-1"}',
      "http://localhost/ao.v1.SessionService/GetSession",
    ]);
    const { session } = JSON.parse(stdout);
    assert.equal([session.id, session.status, session.process.pid], ["web-1", "SESSION_STATUS_IDLE", 7]);
  });

  test("buf curl shows an error's details", async () => {
    await using running = await startServer();
    const failed = await curl(running.socketPath, [
      "-H",
      `authorization: Bearer ${TOKENS.operator}`,
      "-d",
      '{"session_id":"nope"}',
      "http://localhost/ao.v1.SessionService/GetSession",
    ]).catch((error) => error);
    assert.match(failed.stderr, /no session \\"nope\\"/);
    assert.match(failed.stderr, /google\.rpc\.ErrorInfo/);
  });

  test("buf curl checks health without a token", async () => {
    await using running = await startServer();
    const { stdout } = await curl(running.socketPath, [
      "-d",
      '{"service":"ao.v1.SessionService"}',
      "http://localhost/grpc.health.v1.Health/Check",
    ]);
    assert.equal(JSON.parse(stdout), { status: "SERVING" });
  });

  test("an unknown service is not found, and a watch of it says so and goes on", async () => {
    await using running = await startServer();
    using health = healthStub(running.socketPath);
    assert.is(await health.stub.check({ service: "nope" }).catch((error) => error.code), 5);
    for await (const { status } of health.stub.watch({ service: "nope" })) {
      assert.is(status, Serving.SERVICE_UNKNOWN);
      break;
    }
    const { statuses } = await health.stub.list({});
    assert.is(statuses["ao.v1.DaemonService"]?.status, Serving.SERVING);
  });

  test("a health watch hears of a stop before its stream ends", async () => {
    await using running = await startServer();
    using health = healthStub(running.socketPath);
    const seen: number[] = [];
    let stopped: Promise<void> | undefined;
    const code = await (async () => {
      for await (const { status } of health.stub.watch({})) {
        seen.push(status);
        stopped ??= running.server.stop(2000);
      }
    })().then(
      () => 0,
      (error) => error.code,
    );
    await stopped;
    assert.equal([seen, code], [[Serving.SERVING, Serving.NOT_SERVING], 14]);
  });
});

/** `buf curl` over the socket; without a URL in `args` it asks the server itself. */
function curl(socketPath: string, args: string[]) {
  const url = args.some((arg) => arg.startsWith("http://")) ? [] : ["http://localhost"];
  const options = ["curl", "--protocol", "grpc", "--unix-socket", socketPath, "--reflect"];
  return run(BUF, [...options, ...args, ...url], { timeout: 60_000 });
}

function healthStub(socketPath: string) {
  const channel = createChannel(`unix://${socketPath}`);
  return { stub: createStub(HealthDefinition, channel), [Symbol.dispose]: () => channel.close() };
}
