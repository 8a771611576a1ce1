import type { Clock } from "../core/ports/clock.ts";
import type { Harnesses } from "../core/ports/harnesses.ts";
import { type FailPoint, noFailPoint } from "../util/fail-point.ts";
import { createHint } from "../util/hint.ts";
import type { Log } from "../util/log.ts";
import { createLaunchManifests } from "./launch-manifests.ts";
import { createOomKills, kernelMessages } from "./oom-kills.ts";
import { createOutbox } from "./outbox.ts";
import { createSignalReader } from "./signal-reader.ts";
import { createSpool } from "./spool.ts";
import { sweepLeftovers } from "./spool-leftovers.ts";
import { createUplink } from "./uplink.ts";
import { createWitnessDesk, type Witnesses } from "./witness-desk.ts";

const SWEEP_MS = 30_000;
const LEFTOVERS_MS = 10 * 60_000;

/** Where a shim finds what it carries and whom it carries it to. */
export interface ShimPaths {
  spoolDir: string;
  sessionsDir: string;
  socketPath: string;
  /** File of the operator's token. */
  tokenPath: string;
}

/**
 * Carries spooled signals, and what the witnesses say, to the daemon until `signal` aborts.
 *
 * Returns when it has let go of everything. Signals under way stay in the spool; the next shim sends them again with the
 * same ids.
 */
export async function runShim(
  options: {
    paths: ShimPaths;
    harnesses: Harnesses;
    witnesses: Witnesses;
    clock: Clock;
    log: Log;
    /** None unless told. */
    failPoint?: FailPoint;
  },
  signal: AbortSignal,
): Promise<void> {
  const { paths, harnesses, witnesses, clock, log, failPoint = noFailPoint } = options;
  const hint = createHint();
  const wake = () => hint.wake();
  const manifests = createLaunchManifests({ sessionsDir: paths.sessionsDir, clock, log });
  const desk = createWitnessDesk({ manifests, witnesses, log, onReady: wake });
  const spool = createSpool({ dir: paths.spoolDir, clock, log, onReady: wake });
  const read = createSignalReader({ manifests, harnesses, log, oomKills: createOomKills(kernelMessages) });
  const outbox = createOutbox({ spool, read, desk, log, failPoint, onRoom: wake });
  const uplink = createUplink({ ...paths, outbox, wake: hint, log, failPoint });
  const sweep = setInterval(() => desk.sweep(), SWEEP_MS);
  const clean = () => void sweepLeftovers({ dir: paths.spoolDir, now: clock.now, log });
  const cleaning = setInterval(clean, LEFTOVERS_MS);
  clean();
  try {
    desk.resume();
    await uplink.run(signal);
  } finally {
    clearInterval(sweep);
    clearInterval(cleaning);
    spool.close();
    desk.close();
  }
}
