import { daemonReasons } from "./reasons/daemon-reasons.ts";
import { harnessReasons } from "./reasons/harness-reasons.ts";
import { messageReasons } from "./reasons/message-reasons.ts";
import { projectReasons } from "./reasons/project-reasons.ts";
import type { ErrorKind, ErrorMetadata } from "./reasons/reason.ts";
import { requestReasons } from "./reasons/request-reasons.ts";
import { sessionReasons } from "./reasons/session-reasons.ts";
import { workspaceReasons } from "./reasons/workspace-reasons.ts";

export type { ErrorKind, ErrorMetadata } from "./reasons/reason.ts";

/**
 * The append-only catalogue of reasons: once released a reason keeps its name, kind and metadata keys.
 *
 * `src/README.md` lists every reason; a test compares both ways.
 */
export const REASONS = {
  ...requestReasons,
  ...projectReasons,
  ...harnessReasons,
  ...sessionReasons,
  ...workspaceReasons,
  ...messageReasons,
  ...daemonReasons,
};

/** Name of an entry of the catalogue. */
export type ErrorReason = keyof typeof REASONS;

/** The one error type users see: a reason of the catalogue with the values it quotes. */
export class AoError extends Error {
  readonly reason: ErrorReason;
  readonly metadata: ErrorMetadata;

  constructor(reason: ErrorReason, metadata: ErrorMetadata = {}, cause?: unknown) {
    super(REASONS[reason].message(metadata), { cause });
    this.name = "AoError";
    this.reason = reason;
    this.metadata = metadata;
  }

  get kind(): ErrorKind {
    return REASONS[this.reason].kind;
  }

  get hint(): string {
    return REASONS[this.reason].hint(this.metadata);
  }
}
