import type { Clock } from "../../core/ports/clock.ts";
import { type SignalFields, WITNESS_LEASE } from "../../core/signal.ts";
import type { Testimony } from "./witness-signal.ts";

/** When a turn that runs was last known to run. */
export interface Lease {
  /** The turn runs since then, epoch ms; long ago makes the lease due at once, as after a restart of the shim. */
  begin(at: number): void;
  end(): void;
  isDue(): boolean;
  /** Confirms that the turn runs now. */
  renew(source: string, fields: SignalFields): Testimony;
}

/** Creates a lease that is due `leaseMs` after the turn was last known to run. */
export function createLease(clock: Clock, leaseMs: number): Lease {
  let known: number | undefined;
  return {
    begin(at) {
      known = clock.monotonic() - Math.max(0, clock.now() - at);
    },
    end() {
      known = undefined;
    },
    isDue: () => known !== undefined && clock.monotonic() - known >= leaseMs,
    renew(source, fields) {
      known = clock.monotonic();
      const at = clock.now();
      return {
        id: `${source}-${at}-${WITNESS_LEASE}`,
        at,
        event: "witness_active",
        fields: { ...fields, type: WITNESS_LEASE },
      };
    },
  };
}
