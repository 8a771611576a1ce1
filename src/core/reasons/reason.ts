/** Class of an error; `wire/` maps each to one gRPC status code. */
export type ErrorKind =
  | "invalid"
  | "not_found"
  | "exists"
  | "precondition"
  | "out_of_range"
  | "unauthenticated"
  | "denied"
  | "exhausted"
  | "timeout"
  | "unavailable"
  | "unsupported"
  | "internal";

/** Values quoted in an error's text and sent as its metadata. */
export type ErrorMetadata = Readonly<Record<string, string | number>>;

/** An entry of the catalogue. */
export interface Reason {
  kind: ErrorKind;
  /** What failed, on which quoted value. */
  message: (m: ErrorMetadata) => string;
  /** What to do next. */
  hint: (m: ErrorMetadata) => string;
}

/** Makes an entry. */
export const reason = (kind: ErrorKind, message: Reason["message"], hint: Reason["hint"]): Reason => ({
  kind,
  message,
  hint,
});
