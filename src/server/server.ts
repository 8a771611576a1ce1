import { ServerCredentials } from "@grpc/grpc-js";
import { createServer as createGrpcServer, type Server as GrpcServer } from "nice-grpc";
import { ActivityServiceDefinition } from "../../gen/ao/v1/activity_service.ts";
import { DaemonServiceDefinition } from "../../gen/ao/v1/daemon_service.ts";
import { HarnessServiceDefinition } from "../../gen/ao/v1/harness_service.ts";
import { ProjectServiceDefinition } from "../../gen/ao/v1/project_service.ts";
import { SalvageServiceDefinition } from "../../gen/ao/v1/salvage_service.ts";
import { SessionServiceDefinition } from "../../gen/ao/v1/session_service.ts";
import { HealthDefinition } from "../../gen/grpc/health/v1/health.ts";
import { ServerReflectionDefinition } from "../../gen/grpc/reflection/v1/reflection.ts";
import { AoError } from "../core/errors.ts";
import type { App } from "../lifecycle/api.ts";
import { type Address, formatAddress } from "../util/address.ts";
import { type FailPoint, noFailPoint } from "../util/fail-point.ts";
import { createActivityService } from "./activity-service.ts";
import { createDaemonService } from "./daemon-service.ts";
import { createGuard } from "./guard.ts";
import { createHarnessService } from "./harness-service.ts";
import { createHealth } from "./health.ts";
import type { ServerLog } from "./log.ts";
import { isHealth, isPublic } from "./policy.ts";
import { createProjectService } from "./project-service.ts";
import { createReflection, ServerReflectionAlphaDefinition } from "./reflection.ts";
import { SERVICES } from "./rpcs.ts";
import { createSalvageService } from "./salvage-service.ts";
import { createSessionService } from "./session-service.ts";
import { prepareSocket } from "./socket.ts";
import { createUnreadableRequests } from "./unreadable-requests.ts";
import { withWatchEncoding } from "./watch-encoding.ts";

/** What to serve, and where. */
export interface ServerOptions {
  app: App;
  log: ServerLog;
  /** Absolute path of the Unix socket. */
  socketPath: string;
  /** Where to listen beside the socket; a caller there needs a token for everything but its health. */
  tls?: TlsListener;
  /** Of ao; clients compare it with their own. */
  version?: string;
  /** FileDescriptorSet for reflection; without it reflection is not served. */
  descriptors?: Uint8Array;
  /** None unless told. */
  failPoint?: FailPoint;
}

/** A TCP address that takes TLS only. */
export interface TlsListener {
  address: Address;
  /** PEM. */
  cert: Buffer;
  key: Buffer;
  /** With it, a client needs a certificate that one of these signed. */
  clientCa?: Buffer;
}

/** The daemon's gRPC server. */
export interface Server {
  /** Binds the socket, then the address; throws SOCKET_PATH_TOO_LONG, SOCKET_UNUSABLE, ALREADY_RUNNING, TLS_UNUSABLE. */
  listen(): Promise<void>;
  /** Port the TLS listener got, once it listens. */
  tlsPort(): number | undefined;
  /** Takes no new call, ends streams and waits with DAEMON_STOPPING, gives other calls `graceMs`, then cuts them. */
  stop(graceMs: number): Promise<void>;
}

/** channelz stays on: without it grpc-js 1.14.7 forgets its sessions, and forceShutdown closes none of them. */
const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": 4 * 1024 * 1024,
  "grpc.max_concurrent_streams": 1000,
  // A peer that is gone without a word frees its streams within a minute and a half.
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
} as const;

/** Makes the server; nothing happens before `listen`. The caller holds the daemon's lock. */
export function createServer(options: ServerOptions): Server {
  const { app, log, version, socketPath, descriptors, failPoint = noFailPoint } = options;
  const stopping = new AbortController();
  const health = createHealth(SERVICES.map(({ fullName }) => fullName));
  const sessionService = withWatchEncoding(SessionServiceDefinition);
  const activity = createActivityService(app, failPoint);
  const reflection = descriptors && createReflection(descriptors);
  const authenticate = app.authenticate;
  const { accept, refuse } = createUnreadableRequests();
  const build = (isPublic: (rpc: string) => boolean) => {
    const guard = createGuard({ authenticate, log, version, stopping: stopping.signal, isPublic, refuse });
    const server = createGrpcServer(CHANNEL_OPTIONS).use(guard);
    server.add(accept(ProjectServiceDefinition), createProjectService(app));
    server.add(accept(sessionService), createSessionService(app));
    server.add(accept(SalvageServiceDefinition), createSalvageService(app));
    server.add(accept(ActivityServiceDefinition), activity);
    server.add(accept(HarnessServiceDefinition), createHarnessService(app));
    server.add(accept(DaemonServiceDefinition), createDaemonService(app));
    server.add(accept(HealthDefinition), health.service);
    if (reflection) {
      server.add(accept(ServerReflectionDefinition), reflection);
      server.add(accept(ServerReflectionAlphaDefinition), reflection);
    }
    return server;
  };
  const server = build(isPublic);
  const remote = options.tls && build(isHealth);
  let tlsPort: number | undefined;
  return {
    async listen() {
      await prepareSocket(socketPath);
      await server.listen(`unix:${socketPath}`);
      if (remote && options.tls) tlsPort = await listenTls(remote, options.tls);
    },
    tlsPort: () => tlsPort,
    async stop(graceMs) {
      health.stopServing();
      stopping.abort();
      const both = remote ? [server, remote] : [server];
      const drained = Promise.all(both.map((one) => one.shutdown()));
      // tryShutdown waits for ever for a peer that holds a stream open and does not read.
      const force = setTimeout(() => {
        for (const one of both) one.forceShutdown();
      }, graceMs);
      try {
        await drained;
      } finally {
        clearTimeout(force);
      }
    },
  };
}

async function listenTls(server: GrpcServer, { address, cert, key, clientCa }: TlsListener): Promise<number> {
  const pair = { cert_chain: cert, private_key: key };
  const credentials = ServerCredentials.createSsl(clientCa ?? null, [pair], clientCa !== undefined);
  const target = formatAddress(address);
  try {
    return await server.listen(target, credentials);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new AoError("TLS_UNUSABLE", { address: target, problem }, error);
  }
}
