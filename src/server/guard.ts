import type { CallContext, ServerMiddlewareCall } from "nice-grpc";
import { AoError } from "../core/errors.ts";
import type { App, Principal } from "../lifecycle/api.ts";
import { toServerError } from "./call-error.ts";
import { followSignals, untilAborted } from "./call-signal.ts";
import type { ServerLog } from "./log.ts";
import { isReflection, policyOf, type RpcPolicy } from "./policy.ts";

/** What handlers get beside the request. `signal` aborts when the caller goes, the call's limit is over or the server stops. */
export interface CallExtras {
  principal: Principal;
}

/** Context of a guarded call. */
export type GuardedContext = CallContext & CallExtras;

/** Metadata key of the answer under which a client finds the daemon's version. */
const VERSION_KEY = "ao-version";

/** What the guard needs. */
export interface GuardDeps {
  authenticate: App["authenticate"];
  log: ServerLog;
  /** RPCs that need no token. */
  isPublic: (rpc: string) => boolean;
  /** Of ao; told with every answer. */
  version?: string;
  /** Aborts when the server stops. */
  stopping: AbortSignal;
  /** Throws for a request that could not be decoded. */
  refuse: (request: unknown) => void;
}

const ANYBODY: Principal = { kind: "session", sessionId: "", launchId: "" };
const OPEN: RpcPolicy<unknown> = { session: () => true };

/** Stands around every call: who may make it, how long it may take, what is logged, what an error looks like. */
export function createGuard(deps: GuardDeps) {
  const { log, version, stopping } = deps;
  return async function* guard<Request, Response>(
    call: ServerMiddlewareCall<Request, Response, CallExtras>,
    context: CallContext,
  ): AsyncGenerator<Response, Response | undefined, undefined> {
    const rpc = call.method.path;
    const started = performance.now();
    const link = followSignals([context.signal, stopping]);
    try {
      const { principal, policy } = await admit(rpc, context, deps);
      if (version !== undefined) context.header.set(VERSION_KEY, version);
      const allow = messageRule({ rpc, principal, policy, refuse: deps.refuse });
      const request = call.requestStream
        ? checked(untilAborted(call.request, link.signal), allow)
        : allow(call.request);
      const inner = { ...context, signal: link.signal, principal };
      if (call.responseStream) {
        yield* call.next(request, inner);
        if (stopping.aborted) throw new AoError("DAEMON_STOPPING");
        return undefined;
      }
      return await withinLimit({ rpc, limitMs: policy.limitMs, abort: link.abort }, async () => {
        const { value } = await call.next(request, inner).next();
        return value;
      });
    } catch (error) {
      throw toServerError({ rpc, error, context, log, stopping: stopping.aborted });
    } finally {
      link.release();
      log.debug({ rpc, ms: Math.round(performance.now() - started) }, "call ended");
    }
  };
}

/** Finds out who calls and whether such a caller may use this RPC at all. */
async function admit(
  rpc: string,
  { metadata }: CallContext,
  { authenticate, isPublic }: Pick<GuardDeps, "authenticate" | "isPublic">,
): Promise<{ principal: Principal; policy: RpcPolicy<unknown> }> {
  if (isPublic(rpc)) return { principal: ANYBODY, policy: OPEN };
  const principal = await authenticate(bearerToken(metadata.get("authorization")));
  if (!principal) throw new AoError("UNAUTHENTICATED");
  const policy = isReflection(rpc) ? OPEN : policyOf(rpc);
  if (!policy || (principal.kind === "session" && !policy.session)) throw denied(rpc);
  return { principal, policy };
}

/** Checks a message against the rule for sessions and hands it on. */
function messageRule(call: {
  rpc: string;
  principal: Principal;
  policy: RpcPolicy<unknown>;
  refuse: GuardDeps["refuse"];
}) {
  const { rpc, principal, policy, refuse } = call;
  return <Request>(request: Request): Request => {
    refuse(request);
    if (principal.kind === "session" && !policy.session?.(request, principal)) throw denied(rpc);
    return request;
  };
}

async function* checked<Request>(requests: AsyncIterable<Request>, allow: (request: Request) => Request) {
  for await (const request of requests) yield allow(request);
}

function bearerToken(header: string | undefined): string | undefined {
  return header?.match(/^Bearer (\S+)$/i)?.[1];
}

function denied(rpc: string): AoError {
  return new AoError("PERMISSION_DENIED", { what: `call ${rpc.split("/").at(-1)} for anything but itself` });
}

/** Fails a call that has no answer in time; what it waits for is told by its signal. */
async function withinLimit<T>(
  limit: { rpc: string; limitMs: number | undefined; abort: (reason: unknown) => void },
  run: () => Promise<T>,
): Promise<T> {
  const { rpc, limitMs, abort } = limit;
  if (limitMs === undefined) return run();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new AoError("CALL_TIMED_OUT", { call: rpc, seconds: limitMs / 1000 });
      reject(error);
      abort(error);
    }, limitMs);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
