import type { Any } from "../../gen/google/protobuf/any.ts";
import { BadRequest, ErrorInfo } from "../../gen/google/rpc/error_details.ts";
import { Status } from "../../gen/google/rpc/status.ts";
import { AoError, type ErrorKind, type ErrorMetadata } from "../core/errors.ts";

/** Domain of every reason of the catalogue. */
const ERROR_DOMAIN = "ao";

/** Trailer that carries `google.rpc.Status`. */
export const DETAILS_KEY = "grpc-status-details-bin";

/** The one gRPC status code of each class of errors. */
export const STATUS_CODES = {
  invalid: 3,
  not_found: 5,
  exists: 6,
  precondition: 9,
  out_of_range: 11,
  unauthenticated: 16,
  denied: 7,
  exhausted: 8,
  timeout: 4,
  unavailable: 14,
  unsupported: 12,
  internal: 13,
} as const satisfies Record<ErrorKind, number>;

/** Longest value an error quotes: trailers travel in HTTP/2 headers, which peers limit to some kB. */
const MAX_QUOTED = 500;

const TYPES = {
  errorInfo: "type.googleapis.com/google.rpc.ErrorInfo",
  badRequest: "type.googleapis.com/google.rpc.BadRequest",
} as const;

/** An error as gRPC carries it. */
export interface WireStatus {
  code: number;
  message: string;
  /** Content of `grpc-status-details-bin`; absent when the peer sent none. */
  details?: Uint8Array;
}

/** What a peer told of an error. */
export interface ErrorDetails {
  reason: string;
  hint: string;
  metadata: Record<string, string>;
}

/** Converts an error of the catalogue to its status; the hint travels as metadata "hint". */
export function errorToStatus(error: AoError): WireStatus {
  const quoted = new AoError(error.reason, capped(error.metadata));
  const code = STATUS_CODES[quoted.kind];
  const { message } = quoted;
  const details = [any(TYPES.errorInfo, ErrorInfo.encode(errorInfo(quoted)).finish())];
  if (quoted.reason === "INVALID_FIELD") {
    details.push(any(TYPES.badRequest, BadRequest.encode(badRequest(quoted)).finish()));
  }
  return { code, message, details: Status.encode({ code, message, details }).finish() };
}

/** Reads what a peer told of an error; undefined when it is no error of ao's or the bytes are not understood. */
export function detailsFromStatus(details: Uint8Array): ErrorDetails | undefined {
  const info = decoded(() =>
    Status.decode(details)
      .details.filter((detail) => detail.typeUrl === TYPES.errorInfo)
      .map((detail) => ErrorInfo.decode(detail.value))
      .find((candidate) => candidate.domain === ERROR_DOMAIN),
  );
  if (!info) return undefined;
  const { hint = "", ...metadata } = info.metadata;
  return { reason: info.reason, hint, metadata };
}

function any(typeUrl: string, bytes: Uint8Array): Any {
  return { typeUrl, value: Buffer.from(bytes) };
}

function errorInfo(error: AoError): ErrorInfo {
  const entries = Object.entries(error.metadata).map(([key, value]) => [key, String(value)]);
  return {
    reason: error.reason,
    domain: ERROR_DOMAIN,
    metadata: { ...Object.fromEntries(entries), hint: error.hint },
  };
}

function badRequest({ metadata }: AoError): BadRequest {
  return BadRequest.fromPartial({
    fieldViolations: [{ field: String(metadata.field), description: String(metadata.problem) }],
  });
}

function capped(metadata: ErrorMetadata): ErrorMetadata {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, typeof value === "string" ? cap(value) : value]),
  );
}

/** A cut may split a surrogate pair, and gRPC's percent encoding refuses half of one. */
function cap(value: string): string {
  return (value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value).toWellFormed();
}

/** Bytes of a foreign peer may be anything: what cannot be decoded says nothing. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
