import * as assert from "uvu/assert";
import { StreamActivityRequest, StreamActivityResponse } from "../../gen/ao/v1/activity_service.ts";
import type { ClientError } from "../../src/client/client-error.ts";
import type { Signal } from "../../src/core/signal.ts";
import { signalToProto } from "../../src/wire/signal.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { createFakeApp, TOKENS } from "./fake-app.ts";
import { signal } from "./fake-rows.ts";
import { openDuplex, openSilentReader } from "./raw-call.ts";
import { startServer } from "./running-server.ts";

/** WatchSessions with `after_revision` 0. */
const WHOLE_LOG = {
  path: "/ao.v1.SessionService/WatchSessions",
  token: TOKENS.operator,
  message: Buffer.from([0x08, 0x00]),
};
const STREAM = "/ao.v1.ActivityService/StreamActivity";

suite("server/streams", ({ test }) => {
  test("a watch gives a snapshot, its end, then every change in order", async () => {
    await using running = await startServer();
    const controller = new AbortController();
    const seen: string[] = [];
    const watching = collect(running.client.sessions.watch({}, controller.signal), (update) => {
      seen.push(`${update.type} ${update.revision}`);
      if (update.type === "snapshot_end") {
        running.app.change("web-2");
        running.app.removeSession("web-3");
      }
      if (update.type === "removed") controller.abort();
    });
    await assertAborts(watching);
    assert.equal(seen, [
      "snapshot 3",
      "snapshot 3",
      "snapshot 3",
      "snapshot_end 3",
      "changed 4",
      "removed 5",
    ]);
    await eventually(() => running.app.aborted.includes("watch"), { what: "the watch's signal" });
  });

  test("a watch fails typed when its revision is gone or not there yet", async () => {
    await using running = await startServer();
    running.app.compactBefore(3);
    const reasonOf = (afterRevision: number) =>
      collect(running.client.sessions.watch({ afterRevision }), () => {}).catch(
        (error: ClientError) => error,
      );
    const compacted = await reasonOf(1);
    assert.equal([compacted?.reason, compacted?.metadata.oldest], ["REVISION_COMPACTED", "3"]);
    const future = await reasonOf(9);
    assert.equal([future?.reason, future?.metadata.head], ["REVISION_IN_FUTURE", "3"]);
  });

  test("a reader that does not read holds the watch back instead of filling memory", async () => {
    await using running = await startServer();
    const changes = 20_000;
    for (let n = 0; n < changes; n++) running.app.change("web-1");
    const reader = openSilentReader({ ...WHOLE_LOG, socketPath: running.socketPath });
    await eventually(() => running.app.watched > 10, { what: "the first messages" });
    const settled = await stable(() => running.app.watched);
    assert.ok(settled < changes / 4, `${settled} of ${changes} messages were produced for nobody`);
    reader.resume();
    await eventually(() => reader.counter.messages === changes + 3, {
      what: "all messages",
      timeoutMs: 25_000,
    });
    reader.close();
  });

  test("signals are acknowledged in order while several batches are under way", async () => {
    await using running = await startServer();
    const gate = Promise.withResolvers<void>();
    running.app.gate = gate.promise;
    const batches: Signal[][] = Array.from({ length: 40 }, (_, n) =>
      Array.from({ length: 256 }, (_, m) => signal(`${n}-${m}`)),
    );
    const acked: string[] = [];
    const streaming = collect(running.client.activity.stream(each(batches)), (acks) => {
      acked.push(...acks.map(({ signalId, outcome }) => `${signalId} ${outcome}`));
    });
    await eventually(() => running.app.reported.length === 16, { what: "sixteen batches in flight" });
    assert.equal(acked, []);
    assert.is(await stable(() => running.app.reported.length), 16);
    gate.resolve();
    await streaming;
    assert.equal(
      acked,
      batches.flat().map(({ id }) => `${id} applied`),
    );
    assert.equal(
      running.app.reported.flat().map(({ id }) => id),
      batches.flat().map(({ id }) => id),
    );
  });

  test("messages of one signal each are committed together, however slow the disk", async () => {
    await using running = await startServer();
    const gate = Promise.withResolvers<void>();
    running.app.gate = gate.promise;
    const batches = Array.from({ length: 100 }, (_, n) => [signal(`${n}`)]);
    const acked: string[] = [];
    const streaming = collect(running.client.activity.stream(each(batches)), (acks) => {
      acked.push(...acks.map(({ signalId }) => signalId));
    });
    await eventually(() => running.app.reported.length === 100, { what: "all of them under way" });
    gate.resolve();
    await streaming;
    assert.equal(
      acked,
      batches.flat().map(({ id }) => id),
    );
  });

  test("a signal that cannot be used is rejected in its place and the stream goes on", async () => {
    await using running = await startServer();
    const acked: string[] = [];
    const batches = [
      [signal("good"), signal("bad", { launchId: "../x" }), signal("unknown", { launchId: "l-unknown" })],
      [signal("late", { observedTime: Date.now() + 86_400_000 }), signal("event", { event: "" })],
      [signal("last")],
    ];
    await collect(running.client.activity.stream(each(batches)), (acks) => {
      acked.push(...acks.map(({ signalId, outcome }) => `${signalId} ${outcome}`));
    });
    assert.equal(acked, [
      "good applied",
      "bad rejected",
      "unknown rejected",
      "late rejected",
      "event rejected",
      "last applied",
    ]);
    assert.equal(
      running.app.reported.flat().map(({ id }) => id),
      ["good", "unknown", "last"],
    );
  });

  test("a log that fails ends the stream, and what it held is not acknowledged", async () => {
    await using running = await startServer();
    running.app.failure = new Error("disk full");
    const acked: unknown[] = [];
    const failure = await collect(
      running.client.activity.stream(each([[signal("a")], [signal("b")]])),
      (acks) => {
        acked.push(acks);
      },
    ).catch((error: ClientError) => error.reason);
    assert.equal([failure, acked], ["INTERNAL", []]);
  });

  test("the daemon hears when the shim's stream opens and closes", async () => {
    await using running = await startServer();
    const controller = new AbortController();
    const streaming = collect(running.client.activity.stream(never(), controller.signal), () => {});
    await eventually(() => running.app.shimStreams.at(-1) === 1, { what: "the stream" });
    controller.abort();
    await assertAborts(streaming);
    await eventually(() => running.app.shimStreams.at(-1) === 0, { what: "its end" });
  });

  test("a session's own stream does not count as the shim", async () => {
    await using running = await startServer();
    const client = running.clientAs(TOKENS.session);
    await collect(client.activity.stream(each([[signal("a")]])), () => {});
    assert.not.ok(running.app.shimStreams.includes(1));
  });

  test("a caller that gives up ends the wait behind its call", async () => {
    await using running = await startServer();
    const controller = new AbortController();
    const waiting = running.client.sessions.wait(
      { sessionId: "web-1", statuses: ["failed"] },
      controller.signal,
    );
    await eventually(() => running.app.calls.has("wait"), { what: "the call" });
    controller.abort(new Error("enough"));
    assert.is(
      await waiting.then(
        () => "",
        (error: Error) => error.message,
      ),
      "enough",
    );
    await eventually(() => running.app.aborted.includes("wait"), { what: "the wait's signal" });
  });

  test("a deadline of a client in any language ends the wait behind its call", async () => {
    await using running = await startServer();
    const stream = openDuplex(running.socketPath, "/ao.v1.SessionService/WaitSession", TOKENS.operator, 300);
    const status = new Promise<number>((resolve) => stream.call.on("status", ({ code }) => resolve(code)));
    stream.call.write(Buffer.from([0x0a, 0x05, ...Buffer.from("web-1"), 0x12, 0x01, 0x08])); // FAILED
    stream.call.end();
    assert.is(await status, 4);
    await eventually(() => running.app.aborted.includes("wait"), { what: "the wait's signal" });
    stream.close();
  });

  test("a stop ends every stream and wait with DAEMON_STOPPING, and the server with them", async () => {
    await using running = await startServer();
    const { sessions, activity } = running.client;
    const reasonOf = (call: Promise<unknown>) =>
      call.then(
        () => "ended",
        (error: ClientError) => error.reason,
      );
    const calls = [
      collect(sessions.watch(), () => {}),
      collect(activity.stream(never()), () => {}),
      collect(activity.watch({}), () => {}),
      sessions.wait({ sessionId: "web-1", statuses: ["failed"] }),
      sessions.send({ sessionId: "web-1", text: "wait for ever" }),
    ].map(reasonOf);
    const { calls: made, shimStreams } = running.app;
    const names = ["watch", "watchSignals", "wait", "send"];
    await eventually(() => names.every((name) => made.has(name)) && shimStreams.at(-1) === 1, {
      what: "all calls",
    });
    // By themselves: a stop that had to cut them would outlive this test.
    await running.server.stop(600_000);
    assert.equal(await Promise.all(calls), Array(5).fill("DAEMON_STOPPING"));
    assert.equal(shimStreams.at(-1), 0);
    assert.is(await reasonOf(sessions.get("web-1")), "DAEMON_UNREACHABLE");
  });

  test("a stop does not wait for a peer that holds a stream and reads nothing", async () => {
    const app = createFakeApp();
    await using running = await startServer(app);
    for (let n = 0; n < 5000; n++) app.change("web-1");
    const reader = openSilentReader({ ...WHOLE_LOG, socketPath: running.socketPath });
    await eventually(() => app.watched > 10, { what: "the first messages" });
    const halfOpen = openDuplex(running.socketPath, WHOLE_LOG.path, TOKENS.operator);
    await stable(() => app.watched);
    await running.server.stop(100);
    await reader.ended;
    halfOpen.close();
  });

  test("acknowledgements of what was reported before a stop still arrive", async () => {
    await using running = await startServer();
    const gate = Promise.withResolvers<void>();
    running.app.gate = gate.promise;
    const stream = openDuplex(running.socketPath, STREAM, TOKENS.operator);
    const acked: string[] = [];
    stream.call.on("data", (bytes: Buffer) => {
      acked.push(...StreamActivityResponse.decode(bytes).acks.map(({ signalId }) => signalId));
    });
    stream.call.write(
      Buffer.from(StreamActivityRequest.encode({ signals: [signalToProto(signal("a"))] }).finish()),
    );
    await eventually(() => running.app.reported.length === 1, { what: "the report" });
    const stopped = running.server.stop(2000);
    gate.resolve();
    await stopped;
    assert.equal(acked, ["a"]);
    stream.close();
  });
});

async function collect<T>(source: AsyncIterable<T>, take: (item: T) => void): Promise<void> {
  for await (const item of source) take(item);
}

async function assertAborts(call: Promise<unknown>): Promise<void> {
  assert.is(
    await call.then(
      () => "ended",
      (error: Error) => error.name,
    ),
    "AbortError",
  );
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Yields nothing and does not end. */
async function* never(): AsyncGenerator<never> {
  await new Promise<never>(() => {});
}

/** The value once it has not moved for 20 looks in a row. */
async function stable(read: () => number): Promise<number> {
  let last = -1;
  let looks = 0;
  const settled = await eventually(
    () => {
      const now = read();
      looks = now === last ? looks + 1 : 0;
      last = now;
      return looks >= 20 ? { value: now } : undefined;
    },
    { everyMs: 15, what: "a steady value" },
  );
  return settled.value;
}
