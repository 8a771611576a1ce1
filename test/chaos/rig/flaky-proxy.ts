import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A Unix socket in front of another that loses its connections. */
export interface FlakyProxy extends AsyncDisposable {
  socketPath: string;
  /** Cuts every connection now. */
  cut(): void;
  /** Cuts each connection as soon as so many more bytes have come from the server; undefined lets them be. */
  cutAfter(bytes: number | undefined): void;
}

/** Listens at `socketPath` and passes everything on to `target`, whoever listens there at the time. */
export async function createFlakyProxy(options: { socketPath: string; target: string }): Promise<FlakyProxy> {
  const open = new Set<Socket>();
  let left: number | undefined;
  const server = createServer((near) => {
    const far = connect(options.target);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      // Cut or refused: the other side hears of it by the close that follows.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
    far.on("data", (chunk: Buffer) => {
      if (left === undefined) return;
      left -= chunk.length;
      if (left > 0) return;
      left = undefined;
      near.destroy();
    });
  });
  server.listen(options.socketPath);
  await once(server, "listening");
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    socketPath: options.socketPath,
    cut,
    cutAfter: (bytes) => {
      left = bytes;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
