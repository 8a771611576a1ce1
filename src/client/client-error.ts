import { AoError, type ErrorReason, REASONS } from "../core/errors.ts";

/** What a failed call told. */
export interface ClientErrorInit {
  /** As sent; a newer daemon may know reasons this client does not. */
  reason: string;
  message: string;
  hint: string;
  metadata: Readonly<Record<string, string>>;
  /** gRPC status code. */
  code: number;
  cause?: unknown;
}

/** An error of a call, in the daemon's words. A reason this version does not know reads INTERNAL, with its name in the metadata. */
export class ClientError extends AoError {
  readonly code: number;
  readonly #hint: string;

  constructor({ reason, message, hint, metadata, code, cause }: ClientErrorInit) {
    if (isReason(reason)) super(reason, metadata, cause);
    else super("INTERNAL", { ...metadata, reason }, cause);
    this.name = "ClientError";
    this.message = message;
    this.code = code;
    this.#hint = hint;
  }

  override get hint(): string {
    return this.#hint || super.hint;
  }
}

function isReason(reason: string): reason is ErrorReason {
  return Object.hasOwn(REASONS, reason);
}
