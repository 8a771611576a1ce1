import {
  type CallOptions,
  type Client,
  type CompatServiceDefinition,
  createChannel,
  createClient,
  ClientError as GrpcClientError,
  Metadata,
} from "nice-grpc";
import { AoError } from "../core/errors.ts";
import { ClientError } from "./client-error.ts";
import { errorFromStatus } from "./error-from-status.ts";

const MIB = 1024 * 1024;
const DETAILS_KEY = "grpc-status-details-bin";
const VERSION_KEY = "ao-version";
const DEADLINE_EXCEEDED = 4;

/** Where the daemon listens and who calls. */
export interface ConnectOptions {
  /** Absolute path of the daemon's Unix socket. */
  socketPath: string;
  /** Operator token, or a session's. */
  token: string;
  /** Called with the daemon's version at every answer that tells it. */
  onVersion?: (version: string) => void;
}

/** A channel to the daemon. Calls connect by themselves, and again after the daemon was restarted. */
export interface Connection {
  readonly socketPath: string;
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
export function connect({ socketPath, token, onVersion }: ConnectOptions): Connection {
  // "unix:/path" would get a port appended; see stack notes on nice-grpc.
  const channel = createChannel(`unix://${socketPath}`, undefined, {
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.max_reconnect_backoff_ms": 1000,
    "grpc.max_receive_message_length": 16 * MIB,
  });
  const onHeader = (header: Metadata) => {
    const version = header.get(VERSION_KEY);
    if (version !== undefined) onVersion?.(version);
  };
  const defaults = { "*": { metadata: Metadata({ authorization: `Bearer ${token}` }), onHeader } };
  return {
    socketPath,
    stubs: (definition) => createClient(definition, channel, defaults),
    unary: (call, run) => unary(socketPath, call, run),
    stream: (call, run) => stream(socketPath, call, run),
    close: () => channel.close(),
  };
}

async function unary<T>(
  socketPath: string,
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
    throw await translate({ error, name, socketPath, details: trailers.details() });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

async function* stream<T>(
  socketPath: string,
  { name, signal }: StreamCall,
  run: (options: CallOptions) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  signal?.throwIfAborted();
  const trailers = captureDetails();
  try {
    yield* run({ signal, onTrailer: trailers.read });
  } catch (error) {
    signal?.throwIfAborted();
    throw await translate({ error, name, socketPath, details: trailers.details() });
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
  socketPath: string;
  details: Uint8Array | undefined;
}): Promise<unknown> {
  const { error, name: call, socketPath, details } = failed;
  if (!(error instanceof GrpcClientError)) return error;
  return errorFromStatus({
    call,
    socketPath,
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
