import { dirname } from "node:path";
import type { Signal } from "../../core/signal.ts";
import type { WitnessedLaunch, WitnessSource } from "../witness-source.ts";
import { processIn, processOf } from "./agent-process.ts";
import { type ClineStatus, clineTestimony } from "./cline-status.ts";
import { clineStatusPath, createClineStatusFile, findClineSession } from "./cline-status-file.ts";
import { createLaunchRoutes, type LaunchWitness } from "./launch-routes.ts";
import { createLease } from "./lease.ts";
import { createLookout } from "./lookout.ts";
import { createPathWatch } from "./path-watch.ts";
import { isRunning } from "./process-identity.ts";
import { isRootsHook } from "./roots-hook.ts";
import type { WitnessDeps } from "./witness-deps.ts";
import { type Testimony, witnessSignal } from "./witness-signal.ts";

const TORN_RETRY_MS = 20;
const MAX_TORN_RETRIES = 5;
/** Looking for the session costs a listing of all of them: ever less often. */
const MAX_SEARCH_MS = 30_000;

/**
 * The second witness of Cline: the file of the session that its hooks name, `<dataDir>/sessions/<id>/<id>.json`.
 *
 * Sees what no hook tells: a permission dialog, and its answer. Blind to questions.
 */
export function createClineWitness(deps: WitnessDeps): WitnessSource {
  return createLaunchRoutes((launch, emit) => {
    const { dataDir } = launch.witness;
    if (!dataDir) {
      deps.log.warn({ launch: launch.launchId }, "no data directory is known: no second witness");
      return undefined;
    }
    const say = (testimony: Testimony) => emit(witnessSignal(launch, testimony));
    return witnessLaunch({ launch, say, dataDir, ...deps });
  });
}

interface ClineLaunch extends WitnessDeps {
  launch: WitnessedLaunch;
  say: (testimony: Testimony) => void;
  dataDir: string;
}

function witnessLaunch({ launch, say, dataDir, clock, log, pollMs, leaseMs }: ClineLaunch): LaunchWitness {
  let agent = processOf(launch);
  let session: ReturnType<typeof sessionOf>;
  let hintTime = 0;
  let search = { next: Number.NEGATIVE_INFINITY, every: pollMs };
  let tornRetries = 0;
  let told = "";
  const lease = createLease(clock, leaseMs);
  const watch = createPathWatch(() => lookout.wake(), log);
  const lookout = createLookout({ clock, log, pollMs, look });

  function sessionOf(id: string | undefined) {
    const path = id && clineStatusPath(dataDir, id);
    return path ? { id, dir: dirname(path), file: createClineStatusFile(path, clock) } : undefined;
  }

  async function look(): Promise<void> {
    const found = session ?? sessionOf(await findSession());
    // A hook may have named it meanwhile.
    session ??= found;
    if (!session) return;
    const { id, dir, file } = session;
    watch.follow(dir);
    const reading = await file.read({ always: lease.isDue() });
    switch (reading.kind) {
      case "torn":
        if (tornRetries++ < MAX_TORN_RETRIES) lookout.wakeAfter(TORN_RETRY_MS);
        return;
      case "status":
        tornRetries = 0;
        if (reading.status.sessionId === id && isTrue(reading.status)) take(reading.status);
        return;
      case "absent":
      case "nothing":
      case "unchanged":
    }
  }

  /** Of this launch, and no word of the end of a process that is another one's. */
  function isTrue({ at, status, pid }: ClineStatus): boolean {
    return at >= launch.launchTime && (status !== "failed" || pid === agent?.pid);
  }

  function take(status: ClineStatus): void {
    const testimony = clineTestimony(status);
    const state = `${status.sessionId} ${status.status}`;
    if (state !== told) {
      told = state;
      if (status.status === "running") lease.begin(status.at);
      else lease.end();
      say(testimony);
    }
    if (lease.isDue() && agent && isRunning(agent)) say(lease.renew("cline", testimony.fields));
  }

  async function findSession(): Promise<string | undefined> {
    const now = clock.monotonic();
    if (!agent || now < search.next || !isRunning(agent)) return undefined;
    search = { next: now + search.every, every: Math.min(search.every * 2, MAX_SEARCH_MS) };
    return findClineSession({ dataDir, clock }, agent, launch.launchTime);
  }

  return {
    hint(signal: Signal) {
      const started = processIn(signal);
      const id = isRootsHook(signal) ? signal.fields.nativeSessionId : undefined;
      if (started) agent = started;
      else if (id !== undefined && signal.observedTime >= hintTime) {
        hintTime = signal.observedTime;
        if (id !== session?.id) session = sessionOf(id) ?? session;
      } else return;
      lookout.wake();
    },
    stop() {
      lookout.stop();
      watch.close();
    },
  };
}
