import { AoError, type ErrorReason } from "../../../src/core/errors.ts";

const PASSING: ReadonlySet<ErrorReason> = new Set([
  "DAEMON_UNREACHABLE",
  "DAEMON_STOPPING",
  "SESSION_NOT_FOUND",
  "SPAWN_FAILED",
  "KILL_FAILED",
]);

/** What a client sees of a daemon that is away; a removed or half-made session is no wonder either. Throws all else. */
export function ignoreAbsence(error: unknown): void {
  if (!(error instanceof AoError) || !PASSING.has(error.reason)) throw error;
}
