import { isIP } from "node:net";
import { type PeerCertificate, checkServerIdentity as verifyIdentity } from "node:tls";
import {
  type CallOptions,
  type Channel,
  ChannelCredentials,
  type Client,
  type CompatServiceDefinition,
  createChannel,
  createClient,
  ClientError as GrpcClientError,
  Metadata,
} from "nice-grpc";
import { AoError } from "../core/errors.ts";
import { parseAddress } from "../util/address.ts";
import { ClientError } from "./client-error.ts";
import { errorFromStatus } from "./error-from-status.ts";

const MIB = 1024 * 1024;
const DETAILS_KEY = "grpc-status-details-bin";
const VERSION_KEY = "ao-version";
const DEADLINE_EXCEEDED = 4;

const CHANNEL_OPTIONS = {
  "grpc.enable_http_proxy": 0,
  "grpc.enable_channelz": 0,
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  "grpc.initial_reconnect_backoff_ms": 50,
  "grpc.max_reconnect_backoff_ms": 1000,
  "grpc.max_receive_message_length": 16 * MIB,
};

/** Where the daemon listens, and who calls. */
export type ConnectOptions = Caller & (LocalDaemon | RemoteDaemon);

/** A daemon on this host. */
export interface LocalDaemon {
  /** Absolute path of the daemon's Unix socket. */
  socketPath: string;
}

/** A daemon that listens with TLS. */
export interface RemoteDaemon {
  /** "host:port". */
  address: string;
  /** PEM of the certificates to trust, such as the daemon's own; the system's unless told. */
  ca?: Buffer;
}

/** Who calls. */
export interface Caller {
  /** Operator token, or a session's. */
  token: string;
  /** Called with the daemon's version at every answer that tells it. */
  onVersion?: (version: string) => void;
}

/** A channel to the daemon. Calls connect by themselves, and again after the daemon was restarted. */
export interface Connection {
  /** Typed stubs of one service. */
  stubs<Service extends CompatServiceDefinition>(definition: Service): Client<Service>;
  /** Makes a call with a deadline; throws ClientError, or the signal's reason when the caller gave up. */
  unary<T>(call: UnaryCall, run: (options: CallOptions) => Promise<T>): Promise<T>;
  /** Makes a streaming call, which ends with the signal; throws as `unary` does. */
  stream<T>(
    call: StreamCall,
    run: (options: CallOptions) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined>;
  /** Ends every call. */
  close(): void;
}

/** A streaming call. */
export interface StreamCall {
  /** Name of the RPC, for error texts. */
  name: string;
  signal?: AbortSignal;
}

/** A call with one answer. */
export interface UnaryCall extends StreamCall {
  deadlineMs: number;
}

/** Opens a connection; nothing is sent before the first call. */
export function connect(options: ConnectOptions): Connection {
  const { token, onVersion } = options;
  const target = "address" in options ? options.address : options.socketPath;
  const channel = openChannel(options);
  const onHeader = (header: Metadata) => {
    const version = header.get(VERSION_KEY);
    if (version !== undefined) onVersion?.(version);
  };
  const defaults = { "*": { metadata: Metadata({ authorization: `Bearer ${token}` }), onHeader } };
  return {
    stubs: (definition) => createClient(definition, channel, defaults),
    unary: (call, run) => unary(target, call, run),
    stream: (call, run) => stream(target, call, run),
    close: () => channel.close(),
  };
}

function openChannel(options: ConnectOptions): Channel {
  if (!("address" in options)) {
    // "unix:/path" would get a port appended; see stack notes on nice-grpc.
    return createChannel(`unix://${options.socketPath}`, undefined, CHANNEL_OPTIONS);
  }
  const { address, ca = null } = options;
  const host = parseAddress(address)?.host ?? "";
  const target = `https://${address}`;
  if (!isIP(host)) return createChannel(target, ChannelCredentials.createSsl(ca), CHANNEL_OPTIONS);
  // A server name may not be an IP (RFC 6066), and Node warns of each; the certificate must name the IP all the same.
  const checkServerIdentity = (_name: string, cert: PeerCertificate) => verifyIdentity(host, cert);
  const credentials = ChannelCredentials.createSsl(ca, null, null, { checkServerIdentity });
  return createChannel(target, credentials, {
    ...CHANNEL_OPTIONS,
    "grpc.ssl_target_name_override": "ao.invalid",
  });
}

async function unary<T>(
  target: string,
  { name, deadlineMs, signal }: UnaryCall,
  run: (options: CallOptions) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  const timer = setTimeout(giveUp, deadlineMs);
  signal?.addEventListener("abort", giveUp, { once: true });
  const trailers = captureDetails();
  try {
    return await run({ signal: controller.signal, onTrailer: trailers.read });
  } catch (error) {
    signal?.throwIfAborted();
    if (controller.signal.aborted) throw late(name, deadlineMs, error);
    throw await translate({ error, name, target, details: trailers.details() });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

async function* stream<T>(
  target: string,
  { name, signal }: StreamCall,
  run: (options: CallOptions) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  signal?.throwIfAborted();
  const trailers = captureDetails();
  try {
    yield* run({ signal, onTrailer: trailers.read });
  } catch (error) {
    signal?.throwIfAborted();
    throw await translate({ error, name, target, details: trailers.details() });
  }
}

function captureDetails() {
  let details: Uint8Array | undefined;
  return {
    read: (trailer: Metadata) => {
      details = trailer.get(DETAILS_KEY);
    },
    details: () => details,
  };
}

async function translate(failed: {
  error: unknown;
  name: string;
  target: string;
  details: Uint8Array | undefined;
}): Promise<unknown> {
  const { error, name: call, target, details } = failed;
  if (!(error instanceof GrpcClientError)) return error;
  return errorFromStatus({
    call,
    target,
    code: error.code,
    message: error.details,
    details,
    cause: error,
  });
}

function late(call: string, deadlineMs: number, cause: unknown): ClientError {
  const metadata = { call, seconds: String(deadlineMs / 1000) };
  const { reason, message, hint } = new AoError("CALL_TIMED_OUT", metadata);
  return new ClientError({ reason, message, hint, metadata, code: DEADLINE_EXCEEDED, cause });
}
