import * as Errors from "@oclif/core/errors";
import { AoError, type ErrorKind } from "../core/errors.ts";
import type { Palette } from "./render/palette.ts";
import { oneLine } from "./render/text-width.ts";
import { usageError } from "./usage-error.ts";

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, timedOut: 4, interrupted: 130 } as const;

/** An error as people and programs see it. */
export interface Failure {
  reason: string;
  message: string;
  /** What to do next; may be empty. */
  hint: string;
  metadata: Record<string, string | number>;
  exitCode: number;
}

/** What kept the daemon from starting, in its own words; the exit code says "unreachable" whatever the reason. */
export class DaemonStartError extends Error {
  readonly reason: string;
  readonly hint: string;

  constructor(told: { reason: string; message: string; hint: string }) {
    super(told.message);
    this.name = "DaemonStartError";
    this.reason = told.reason;
    this.hint = told.hint;
  }
}

/** Turns whatever a command threw into what is printed; undefined for an exit that already said what it had to. */
export function describeFailure(error: unknown): Failure | undefined {
  if (error instanceof DaemonStartError) {
    const { reason, message, hint } = error;
    return { reason, message, hint, metadata: {}, exitCode: EXIT.unreachable };
  }
  if (error instanceof AoError) return fromAoError(error);
  if (error instanceof Errors.ExitError) return undefined;
  if (error instanceof Errors.CLIError) return fromAoError(usageError(error));
  return fromBug(error);
}

/** The JSON a program reads on stdout. */
export function failureJson(failure: Failure): {
  error: { reason: string; message: string; hint: string; metadata: Failure["metadata"] };
} {
  const { reason, message, hint, metadata } = failure;
  return { error: { reason, message, hint, metadata } };
}

/** The lines a person reads on stderr. */
export function failureLines(failure: Failure, palette: Palette): string[] {
  const lines = [`${palette.red("error:")} ${failure.message}`];
  if (failure.hint) lines.push(`${palette.cyan("hint:")} ${failure.hint}`);
  return lines;
}

function fromAoError(error: AoError): Failure {
  return {
    reason: error.reason,
    // oclif's parser writes its own words around the message of what a flag threw.
    message: error.reason === "USAGE" ? String(error.metadata.problem) : error.message,
    hint: error.hint,
    metadata: error.reason === "USAGE" ? {} : { ...error.metadata },
    exitCode: exitCodeOf(error.kind, error.reason),
  };
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  "DAEMON_UNREACHABLE",
  "DAEMON_STOPPING",
  "SOCKET_PATH_TOO_LONG",
]);

function exitCodeOf(kind: ErrorKind, reason: string): number {
  if (UNREACHABLE.has(reason)) return EXIT.unreachable;
  if (reason === "WAIT_TIMED_OUT") return EXIT.timedOut;
  return kind === "invalid" ? EXIT.usage : EXIT.failed;
}

/** A bug: its text may help a report; its stack is shown only with AO_DEBUG. */
function fromBug(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return {
    reason: "INTERNAL",
    message: `ao itself failed: ${oneLine(message)}`,
    hint: "This is a bug. AO_DEBUG=1 shows where; please report it.",
    metadata: {},
    exitCode: EXIT.failed,
  };
}
