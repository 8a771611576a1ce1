import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../client/client.ts";
import type { RemoteDaemon } from "../client/connection.ts";
import { AoError } from "../core/errors.ts";
import { refuseLongSocketPath } from "../core/socket-path.ts";
import { type Paths, SOCKET_PATH_LIMIT } from "../util/paths.ts";
import type { AoClient } from "./client-types.ts";
import { startDaemon } from "./start-daemon.ts";

/** A client of the daemon that runs; throws DAEMON_UNREACHABLE when nobody listens, SOCKET_PATH_TOO_LONG. */
export async function connectRunning(paths: Paths, onVersion?: OnVersion): Promise<AoClient> {
  refuseLongSocketPath(paths.socketPath, SOCKET_PATH_LIMIT);
  if (!(await somebodyListens(paths.socketPath))) throw unreachable(paths);
  return openClient(paths, onVersion);
}

/** A client of a daemon elsewhere, with AO_TOKEN or else the token of this host's own AO_HOME; nothing is sent yet. */
export async function connectRemote(options: {
  remote: RemoteDaemon;
  paths: Paths;
  env: Readonly<Record<string, string | undefined>>;
  onVersion?: OnVersion;
}): Promise<AoClient> {
  const { remote, paths, env, onVersion } = options;
  const token = env.AO_TOKEN?.trim() || (await readToken(paths.tokenPath));
  return createClient({ ...remote, token, onVersion });
}

/** Told the daemon's version at each answer. */
type OnVersion = (version: string) => void;

/** A client of the daemon, started first when nobody listens; throws DaemonStartError when it will not start. */
export async function ensureDaemon(options: {
  paths: Paths;
  env: Readonly<Record<string, string | undefined>>;
  /** Program of the daemon. */
  daemonMain: string;
  /** Called with the pid of each daemon that was started. */
  onLaunch?: (pid: number) => void;
  onVersion?: OnVersion;
}): Promise<AoClient> {
  const { paths } = options;
  refuseLongSocketPath(paths.socketPath, SOCKET_PATH_LIMIT);
  if (!(await somebodyListens(paths.socketPath))) {
    await startDaemon({ ...options, isReady: () => isServing(paths) });
  }
  return openClient(paths, options.onVersion);
}

/** What a path without a listener answers. Where the path itself is unusable, the daemon that is started says why. */
const NOBODY: ReadonlySet<string> = new Set([
  "ENOENT",
  "ECONNREFUSED",
  "ENOTSOCK",
  "ENOTDIR",
  "EACCES",
  "ELOOP",
  "EINVAL",
]);

/** How long a daemon may leave a full queue of connections: one that is busy takes them by then. */
const QUEUE_MS = 3000;
const QUEUE_POLL_MS = 50;

/** Whether anybody takes connections at a Unix socket. */
async function somebodyListens(socketPath: string): Promise<boolean> {
  const deadline = performance.now() + QUEUE_MS;
  for (;;) {
    const code = await knock(socketPath);
    if (code === undefined) return true;
    if (NOBODY.has(code)) return false;
    if (code !== "EAGAIN" || performance.now() > deadline)
      throw new AoError("DAEMON_UNREACHABLE", { socket: socketPath, problem: code });
    await sleep(QUEUE_POLL_MS);
  }
}

/** Connects and hangs up; returns the system's word for a failure. */
function knock(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** Whether the daemon answers a call, with the token it wrote. */
async function isServing(paths: Paths): Promise<boolean> {
  if (!(await somebodyListens(paths.socketPath))) return false;
  const client = await openClient(paths);
  try {
    await client.daemon.get();
    return true;
  } catch (error) {
    if (error instanceof AoError && error.kind === "unavailable") return false;
    throw error;
  } finally {
    client.close();
  }
}

async function openClient(paths: Paths, onVersion?: OnVersion): Promise<AoClient> {
  const token = await readToken(paths.tokenPath);
  return createClient({ socketPath: paths.socketPath, token, onVersion });
}

/** The operator token; empty when there is none, which the daemon refuses with a hint. */
async function readToken(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES" || code === "EISDIR" || code === "ENOTDIR") return "";
    throw error;
  }
}

function unreachable({ socketPath }: Paths): AoError {
  return new AoError("DAEMON_UNREACHABLE", { socket: socketPath });
}
