import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type AoClient, createClient } from "../../src/client/client.ts";
import type { ServerLog } from "../../src/server/log.ts";
import { createServer, type Server } from "../../src/server/server.ts";
import { tempDir } from "../support/temp-dir.ts";
import { createFakeApp, type FakeApp, TOKENS } from "./fake-app.ts";

/** A line the server logged. */
export interface LogLine {
  level: "debug" | "info" | "error";
  fields: Readonly<Record<string, unknown>>;
  message: string;
}

/** A real server on a temporary socket, with an App in memory behind it. */
export interface RunningServer {
  app: FakeApp;
  server: Server;
  socketPath: string;
  log: LogLine[];
  /** The operator's client. */
  client: AoClient;
  /** A client with another token; closed with the server. */
  clientAs(token: string): AoClient;
  /** Stops the server and starts a new one at the same socket, with the same App unless told. */
  restart(next?: FakeApp): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts it. */
export async function startServer(app: FakeApp = createFakeApp()): Promise<RunningServer> {
  const directory = tempDir();
  const socketPath = join(directory.path, "s");
  const log: LogLine[] = [];
  const clients: AoClient[] = [];
  const clientAs = (token: string) => {
    const client = createClient({ socketPath, token });
    clients.push(client);
    return client;
  };
  const descriptors = await readFile(new URL("../../gen/ao.binpb", import.meta.url));
  const listen = async () => {
    const server = createServer({ app: running.app, log: record(log), socketPath, descriptors });
    await server.listen();
    return server;
  };
  const running: RunningServer = {
    app,
    server: createServer({ app, log: record(log), socketPath, descriptors }),
    socketPath,
    log,
    client: clientAs(TOKENS.operator),
    clientAs,
    async restart(next = running.app) {
      await running.server.stop(500);
      running.app = next;
      running.server = await listen();
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await running.server.stop(500);
      directory[Symbol.dispose]();
    },
  };
  await running.server.listen();
  return running;
}

function record(lines: LogLine[]): ServerLog {
  const at = (level: LogLine["level"]) => (fields: LogLine["fields"], message: string) => {
    lines.push({ level, fields, message });
  };
  return { debug: at("debug"), info: at("info"), error: at("error") };
}
