import type { Harness } from "./harnesses.ts";

/** What is wrong with a harness's file, and where. */
export interface HarnessProblem {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** Such as `launch.interactive[2]`; empty for the whole file. */
  field: string;
  problem: string;
}

/**
 * Whether a file may run: `trusted` as it stands; `changed` since it was trusted; `untrusted`, never trusted; `invalid`,
 * no harness at all.
 */
export type HarnessTrust = "trusted" | "changed" | "untrusted" | "invalid";

/** A file below `AO_HOME/harnesses`. */
export interface HarnessFile {
  /** The file's name without `.yaml`. */
  id: string;
  displayName: string;
  path: string;
  /** SHA-256 of its bytes, 64 hex digits. */
  digest: string;
  trust: HarnessTrust;
  problems: readonly HarnessProblem[];
}

/** The user's own harnesses: files, and which of them may run. */
export interface OwnHarnesses {
  /** Every file, by id. */
  list(): Promise<HarnessFile[]>;
  /** Undefined when there is no such file. */
  find(id: string): Promise<HarnessFile | undefined>;
  /** Judges a text as the file of harness `id`, or of whichever it names when `id` is empty. Writes nothing. */
  check(
    text: string,
    id: string,
  ): Promise<{
    harness?: Harness;
    digest: string;
    problems: HarnessProblem[];
    /** What it can do without, and what that costs; where there are no problems. */
    advice: HarnessProblem[];
  }>;
  /**
   * Lets the file run as it stands; sessions take it up at once. Throws HARNESS_NOT_FOUND, HARNESS_INVALID, and
   * HARNESS_CHANGED when its digest is not `digest`.
   */
  trust(id: string, digest: string): Promise<void>;
  /** Takes trust back; sessions that run go on with what was trusted. Idempotent. */
  distrust(id: string): Promise<void>;
  /** Throws HARNESS_NOT_TRUSTED for a file that may not run as it stands; does nothing for ao's own harnesses. */
  requireTrust(id: string): Promise<void>;
}
