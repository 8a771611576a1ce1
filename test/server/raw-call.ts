import { connect as connectHttp2 } from "node:http2";
import { connect as connectSocket } from "node:net";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";

const plain = (bytes: Uint8Array) => Buffer.from(bytes);

/** What came back of a call made with bytes. */
export interface RawResult {
  /** gRPC status code; 0 is OK. */
  code: number;
  details: string;
}

/** A caller that sends bytes to a path, as a client in another language (or a hostile one) could. */
export interface RawCaller {
  /** Sends one message; ends with the status, or with 0 as soon as a stream has yielded a message. */
  call(
    path: string,
    message: Uint8Array,
    options?: { token?: string; timeoutMs?: number },
  ): Promise<RawResult>;
  close(): void;
}

/** Makes the caller. */
export function createRawCaller(socketPath: string): RawCaller {
  const client = new Client(`unix:${socketPath}`, credentials.createInsecure());
  return {
    call: (path, message, { token, timeoutMs = 20_000 } = {}) =>
      new Promise((resolve) => {
        const metadata = new Metadata();
        if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
        const options = { deadline: Date.now() + timeoutMs };
        // A bidi call speaks to every kind of RPC: the frames are the same.
        const call = client.makeBidiStreamRequest(path, plain, plain, metadata, options);
        let told = false;
        const tell = (result: RawResult) => {
          if (told) return;
          told = true;
          resolve(result);
        };
        call.on("data", () => {
          tell({ code: 0, details: "" });
          call.cancel();
        });
        call.on("error", ({ code, details }: ServiceError) => tell({ code, details }));
        call.on("status", ({ code, details }) => tell({ code, details }));
        call.write(message);
        if (!path.endsWith("StreamActivity")) call.end();
      }),
    close: () => client.close(),
  };
}

/** A stream of bytes in both directions, read and written at will. */
export function openDuplex(socketPath: string, path: string, token: string, timeoutMs = 60_000) {
  const client = new Client(`unix:${socketPath}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  const call = client.makeBidiStreamRequest(path, plain, plain, metadata, {
    deadline: Date.now() + timeoutMs,
  });
  call.on("error", (error: ServiceError) => {
    if (error.code === undefined) throw error;
  });
  return {
    call,
    close: () => {
      call.cancel();
      client.close();
    },
  };
}

/**
 * A call whose answer is not read until `resume`, over bare HTTP/2: grpc-js itself reads ahead without bound until
 * its first read.
 */
export function openSilentReader(call: {
  socketPath: string;
  path: string;
  token: string;
  message: Buffer;
  /** Called with each message that is read. */
  onMessage?: (message: Buffer) => void;
}) {
  const createConnection = () => connectSocket(call.socketPath);
  const session = connectHttp2("http://localhost", { createConnection });
  const stream = session.request({
    ":method": "POST",
    ":path": call.path,
    "content-type": "application/grpc",
    te: "trailers",
    authorization: `Bearer ${call.token}`,
  });
  stream.pause();
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(call.message.length, 1);
  stream.end(Buffer.concat([prefix, call.message]));
  const counter = { messages: 0 };
  // A server that cuts the connection does so with an error code.
  for (const emitter of [session, stream]) emitter.on("error", assertHttp2Error);
  return {
    /** Messages read so far. */
    counter,
    resume: () => void countMessages(stream, counter, call.onMessage),
    /** Resolves when the server has ended the connection. */
    ended: new Promise<void>((resolve) => session.once("close", resolve)),
    close: () => session.destroy(),
  };
}

async function countMessages(
  stream: AsyncIterable<Buffer>,
  counter: { messages: number },
  onMessage: (message: Buffer) => void = () => {},
): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      onMessage(rest.subarray(5, end));
      rest = rest.subarray(end);
      counter.messages++;
    }
  }
}

function assertHttp2Error(error: NodeJS.ErrnoException): void {
  if (!error.code?.startsWith("ERR_HTTP2_")) throw error;
}
