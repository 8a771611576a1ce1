import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { TOKENS } from "./fake-app.ts";
import { type RunningServer, startServer } from "./running-server.ts";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SLOW = { timeoutMs: 60_000 };

/** What is written to the socket by who is no client of ao. */
const STRANGERS: Record<string, Buffer> = {
  "an HTTP/1 request": Buffer.from("GET / HTTP/1.1\r\nHost: ao\r\n\r\n"),
  "an HTTP/1 request that asks for an upgrade": Buffer.from(
    "GET / HTTP/1.1\r\nHost: ao\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
  ),
  "a TLS hello": Buffer.from("16030100a5010000a10303", "hex"),
  "zero bytes": Buffer.alloc(100_000),
  "every byte there is": Buffer.from(Array.from({ length: 65_536 }, (_, n) => n % 256)),
  "the preface, then noise": Buffer.concat([Buffer.from(PREFACE), Buffer.alloc(10_000, 0xa5)]),
  "the preface, then a frame of 16 MiB": Buffer.concat([
    Buffer.from(PREFACE),
    Buffer.from("000000040000000000", "hex"),
    Buffer.from("ffffff000100000001", "hex"),
    Buffer.alloc(1_000_000),
  ]),
  "a database's greeting": Buffer.from("\x00\x00\x00\x08\x04\xd2\x16\x2f"),
};

suite("server/hostile peers", ({ test }) => {
  for (const [name, bytes] of Object.entries(STRANGERS)) {
    test(`${name}: the connection ends or is left, others are served`, async () => {
      await using running = await startServer();
      const peers = await Promise.all(Array.from({ length: 5 }, () => open(running)));
      for (const peer of peers) peer.write(bytes);
      await assertServes(running);
      for (const peer of peers) peer.destroy();
      await assertServes(running);
      assert.equal(errors(running), []);
    });
  }

  test(
    "a thousand connections opened and left: others are served meanwhile, and all are let go of",
    async () => {
      await using running = await startServer();
      const peers: Socket[] = [];
      for (let n = 0; n < 10; n++)
        peers.push(...(await Promise.all(Array.from({ length: 100 }, () => open(running)))));
      await assertServes(running);
      for (const peer of peers) peer.destroy();
      await assertServes(running);
      assert.equal(errors(running), []);
    },
    SLOW,
  );

  test(
    "headers that come one byte at a time hold nobody up, nor the stop",
    async () => {
      await using running = await startServer();
      const peers = await Promise.all(Array.from({ length: 50 }, () => open(running)));
      for (const byte of PREFACE.slice(0, 20)) {
        for (const peer of peers) peer.write(byte);
        await assertServes(running);
      }
      await running.server.stop(300);
      for (const peer of peers) peer.destroy();
      await running.restart();
      await assertServes(running);
    },
    SLOW,
  );

  test(
    "streams that are opened and reset by the thousand: the server lives and keeps nothing of them",
    async () => {
      await using running = await startServer();
      const session = await openHttp2(running);
      for (let round = 0; round < 20; round++) {
        for (let n = 0; n < 100; n++) request(session, "/ao.v1.SessionService/WatchSessions").close(8);
        await assertServes(running);
      }
      session.destroy();
      // The server may hang up on a flood by itself: whoever connects next is served.
      await eventually(() => assertServes(running).then(() => true));
      assert.equal(errors(running), []);
    },
    SLOW,
  );

  test("a peer that goes in the middle of a message leaves nothing behind", async () => {
    await using running = await startServer();
    for (let n = 0; n < 50; n++) {
      const session = await openHttp2(running);
      const stream = request(session, "/ao.v1.ActivityService/StreamActivity");
      // A frame that announces 1000 bytes and brings three.
      stream.write(Buffer.from([0, 0, 0, 3, 232, 1, 2, 3]));
      await new Promise((resolve) => setImmediate(resolve));
      session.destroy();
    }
    await assertServes(running);
    await eventually(() => running.app.shimStreams.at(-1) === 0 || running.app.shimStreams.length === 0);
    assert.equal(errors(running), []);
  });

  test("metadata beyond every measure is refused, and a message said to be compressed is too", async () => {
    await using running = await startServer();
    const session = await openHttp2(running);
    const big = request(session, "/ao.v1.DaemonService/GetDaemon", { "x-big": "x".repeat(200_000) });
    big.end();
    await closed(big);
    session.destroy();
    const second = await openHttp2(running);
    const squeezed = request(second, "/ao.v1.DaemonService/GetDaemon", { "grpc-encoding": "gzip" });
    squeezed.end(Buffer.from([1, 0, 0, 0, 4, 1, 2, 3, 4]));
    await closed(squeezed);
    second.destroy();
    await assertServes(running);
  });
});

async function assertServes(running: RunningServer): Promise<void> {
  assert.is((await running.client.sessions.get("web-1")).id, "web-1");
}

const errors = (running: RunningServer) => running.log.filter(({ level }) => level === "error");

/** A system may hold only 128 connections that nobody has taken yet, and says EAGAIN then. */
async function open(running: RunningServer): Promise<Socket> {
  return eventually(async () => {
    const socket = connect(running.socketPath);
    await once(socket, "connect");
    // The server may cut the connection while this side still writes.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") throw error;
    });
    return socket.resume();
  });
}

/** `once` would throw the reset it ends with. */
function closed(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => stream.once("close", () => resolve()));
}

async function openHttp2(running: RunningServer): Promise<ClientHttp2Session> {
  const session = connectHttp2("http://localhost", { createConnection: () => connect(running.socketPath) });
  session.on("error", isHttp2);
  await once(session, "connect");
  return session;
}

function request(session: ClientHttp2Session, path: string, extra: Record<string, string> = {}) {
  const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  const stream = session.request({ ...headers, authorization: `Bearer ${TOKENS.operator}`, ...extra });
  stream.on("error", isHttp2);
  stream.resume();
  return stream;
}

function isHttp2(error: NodeJS.ErrnoException): void {
  if (!error.code?.startsWith("ERR_HTTP2_") && error.code !== "ECONNRESET" && error.code !== "EPIPE")
    throw error;
}
