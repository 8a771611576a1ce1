import { randomBytes } from "node:crypto";
import { type CallContext, ServerError, Status } from "nice-grpc";
import { AoError } from "../core/errors.ts";
import { DETAILS_KEY, errorToStatus } from "../wire/errors.ts";
import type { ServerLog } from "./log.ts";

/** A call that failed. */
export interface FailedCall {
  /** Path of the RPC. */
  rpc: string;
  error: unknown;
  context: CallContext;
  log: ServerLog;
  /** The server was told to stop while the call ran. */
  stopping: boolean;
}

/**
 * Makes what the client sees of an error, logs it, and fills the trailer.
 *
 * Errors of the catalogue go out as they are. Anything else is a bug: its stack is logged under an id and the client
 * sees that id only.
 */
export function toServerError(call: FailedCall): ServerError {
  const { rpc, error, context, log } = call;
  if (error instanceof ServerError) return error;
  if (context.signal.aborted) return cancelled(call);
  const known = call.stopping && isGivenUp(error) ? new AoError("DAEMON_STOPPING", {}, error) : error;
  if (known instanceof AoError) {
    // Its text quotes what was sent: a prompt, a token typed in the wrong place.
    log.info({ rpc, reason: known.reason, field: known.metadata.field }, "call refused");
    return asStatus(known, context);
  }
  const id = randomBytes(5).toString("hex");
  log.error({ rpc, id, err: error }, "call failed");
  return asStatus(new AoError("INTERNAL", { id }), context);
}

function asStatus(error: AoError, context: CallContext): ServerError {
  const { code, message, details } = errorToStatus(error);
  if (details) context.trailer.set(DETAILS_KEY, details);
  return new ServerError(code, message);
}

/** Nobody reads this status any more; what ended the call is worth a line only when it was no consequence. */
function cancelled({ rpc, error, log }: FailedCall): ServerError {
  if (!isGivenUp(error)) log.info({ rpc, err: error }, "call failed after its caller had gone");
  return new ServerError(Status.CANCELLED, "the caller has gone");
}

/** What a wait throws when its signal aborts. */
function isGivenUp(error: unknown): boolean {
  if (error instanceof AoError) return error.kind === "timeout" || error.reason === "DAEMON_STOPPING";
  return error instanceof Error && error.name === "AbortError";
}
