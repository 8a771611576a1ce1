import { AoError, type ErrorMetadata, type ErrorReason } from "../core/errors.ts";
import { ClientError } from "./client-error.ts";

/** A status as gRPC handed it over. */
export interface ReceivedStatus {
  /** Name of the call, such as "GetSession". */
  call: string;
  /** Socket or address the call went to. */
  target: string;
  code: number;
  message: string;
  /** Content of `grpc-status-details-bin`. */
  details?: Uint8Array;
  cause: unknown;
}

const CODE = {
  cancelled: 1,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
} as const;

/** Makes the error a caller sees: the daemon's own, else what the bare status means here. */
export async function errorFromStatus(status: ReceivedStatus): Promise<ClientError> {
  const told = status.details && (await readDetails(status.details));
  if (told)
    return new ClientError({ ...told, message: status.message, code: status.code, cause: status.cause });
  const [reason, metadata] = meaningOf(status);
  const known = new AoError(reason, metadata);
  return new ClientError({
    reason,
    message: reason === "INTERNAL" ? `${status.call} failed: ${status.message}` : known.message,
    hint: known.hint,
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)])),
    code: status.code,
    cause: status.cause,
  });
}

/** The decoder is loaded with the first error: most commands never see one. */
async function readDetails(details: Uint8Array) {
  const { detailsFromStatus } = await import("../wire/errors.ts");
  return detailsFromStatus(details);
}

/** What a status without details means: grpc itself made it, on either side. */
function meaningOf({ call, code, message, target }: ReceivedStatus): [ErrorReason, ErrorMetadata] {
  switch (code) {
    case CODE.unavailable:
      return ["DAEMON_UNREACHABLE", { socket: target, ...remoteHint(target, message) }];
    case CODE.cancelled: // A server that is forced down cancels its calls.
      return ["DAEMON_STOPPING", {}];
    case CODE.deadlineExceeded:
      return ["CALL_TIMED_OUT", { call, seconds: "the given" }];
    case CODE.resourceExhausted:
      return ["MESSAGE_TOO_LARGE", { call, problem: message }];
    case CODE.unimplemented:
      return [
        "UNSUPPORTED",
        { subject: "the running daemon", what: call, hint: "Start the new one: `ao stop`, then `ao start`." },
      ];
  }
  return ["INTERNAL", { id: "-" }];
}

/** What failed on the way to an address is told: a name, a port, a certificate. */
function remoteHint(target: string, message: string): { hint?: string } {
  if (target.startsWith("/")) return {};
  return { hint: `Check AO_ADDRESS, AO_CA and that the daemon listens there with TLS: ${message}` };
}
