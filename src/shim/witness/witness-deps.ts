import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../util/log.ts";

/** What witnesses need. */
export interface WitnessDeps {
  clock: Clock;
  log: Log;
  /** Longest time between two looks at a file, for change events that get lost. */
  pollMs: number;
  /** How often a turn that goes on without a word is confirmed; under the 2 min of R8. */
  leaseMs: number;
}
