import type { Readable } from "node:stream";
import type { Git } from "./git.ts";

/** Reads blobs out of a repository, bytes as they are, by one git process. */
export interface BlobReader {
  /** Hands over a blob piece by piece. Throws Error when it is not there. */
  stream(id: string, take: (piece: Buffer) => Promise<unknown>): Promise<void>;
  read(id: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Starts a reader; whoever starts it closes it. */
export function createBlobReader(git: Git, repository: string): BlobReader {
  const child = git.start({ path: repository, args: ["cat-file", "--batch"] });
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  // An early end shows as an answer that does not come.
  child.stdin.on("error", () => child.kill("SIGKILL"));
  const pieces = createPieces(child.stdout);
  const stream: BlobReader["stream"] = async (id, take) => {
    child.stdin.write(`${id}\n`);
    const header = await pieces.line();
    const size = /^\w+ blob (\d+)$/.exec(header)?.[1];
    if (size === undefined) throw new Error(`git has no blob ${id}`);
    for (let left = Number(size); left > 0; ) {
      const piece = await pieces.upTo(left);
      left -= piece.length;
      await take(piece);
    }
    await pieces.upTo(1);
  };
  return {
    stream,
    async read(id) {
      const all: Buffer[] = [];
      await stream(id, async (piece) => all.push(piece));
      return Buffer.concat(all);
    },
    async close() {
      child.stdin.end();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function createPieces(source: Readable) {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  const more = async () => {
    const next = await chunks.next();
    if (next.done) throw new Error("git cat-file ended early");
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
  };
  const cut = (length: number) => {
    const piece = rest.subarray(0, length);
    rest = rest.subarray(length);
    return piece;
  };
  return {
    async line(): Promise<string> {
      while (!rest.includes(10)) await more();
      return cut(rest.indexOf(10) + 1)
        .toString()
        .trimEnd();
    },
    async upTo(length: number): Promise<Buffer> {
      if (rest.length === 0) await more();
      return cut(Math.min(length, rest.length));
    },
  };
}
