import type { Launch, Session } from "../core/session.ts";
import type { SignalFields } from "../core/signal.ts";
import type { LifecycleDeps } from "./deps.ts";
import { mayRun } from "./lookups.ts";
import { handleOf } from "./new-launch.ts";
import { ownSignal } from "./own-signals.ts";

/** The level-triggered sweep: compares rows with reality, finds by itself what no event told (R3, R4, R9, R11). */
export interface Reaper {
  /** One sweep over all live sessions; never two at once. */
  sweep(): Promise<void>;
  /** Every launch of another boot is lost at once. Call before the first sweep. */
  reapOldBoots(): Promise<void>;
  /** Ends and exits found by sweeps, not told by events. */
  missedEvents(): number;
}

/** R9: gone twice, at least this far apart, with no newer evidence. */
const CONFIRM_MS = 1000;
/** R11: a launch without proof of life is only doubted after this. */
const STARTING_DEADLINE_MS = 15_000;

interface Suspicion {
  launchId: string;
  /** Evidence time when it was first found gone. */
  evidenceTime: number;
  since: number;
}

export function createReaper(
  deps: LifecycleDeps & { spooledFor: (launchId: string) => Promise<boolean> },
): Reaper {
  const suspects = new Map<string, Suspicion>();
  let missed = 0;
  let sweeping: Promise<void> | undefined;

  const declareDead = async (session: Session, fields: SignalFields) => {
    missed += 1;
    deps.log.warn({ sessionId: session.id, ...fields }, "found dead by the sweep");
    const observedTime = deps.clock.now();
    await deps.book.report([
      ownSignal(session, { kind: "probe", meaning: "process_dead", observedTime, fields }),
    ]);
  };

  const confirm = async (session: Session): Promise<void> => {
    const evidenceTime = session.facts.activity.lastSignalTime ?? session.facts.launchTime;
    const known = suspects.get(session.id);
    const same = known?.launchId === session.facts.launchId && known.evidenceTime === evidenceTime;
    if (!known || !same) {
      suspects.set(session.id, {
        launchId: session.facts.launchId,
        evidenceTime,
        since: deps.clock.monotonic(),
      });
      return;
    }
    if (deps.clock.monotonic() - known.since < CONFIRM_MS) return;
    // Spooled signals are older truths than the verdict: let them arrive first.
    if (await deps.spooledFor(session.facts.launchId)) return;
    suspects.delete(session.id);
    await declareDead(session, { reason: "gone" });
  };

  const look = async (session: Session): Promise<void> => {
    if (await looksDead(deps, session)) await confirm(session);
    else suspects.delete(session.id);
  };

  const sweepAll = async () => {
    const live = deps.book.live();
    for (const session of live.filter(mayRun)) {
      try {
        await look(session);
      } catch (error) {
        deps.log.error({ sessionId: session.id, err: error }, "probe failed; nothing was changed");
      }
    }
    for (const session of live.filter((one) => one.facts.process.state === "lost"))
      await takeBack(deps, session);
  };

  return {
    sweep() {
      sweeping ??= sweepAll().finally(() => {
        sweeping = undefined;
      });
      return sweeping;
    },
    async reapOldBoots() {
      const bootId = await deps.processes.bootId();
      for (const session of deps.book.live().filter(mayRun)) {
        const launch: Launch | undefined = await deps.store.getLaunch(session.facts.launchId);
        if (launch && launch.bootId !== bootId) await declareDead(session, { reason: "host_rebooted" });
      }
    },
    missedEvents: () => missed,
  };
}

/** Process gone and pane dead or absent. A probe that cannot look is no evidence. */
async function looksDead(deps: LifecycleDeps, session: Session): Promise<boolean> {
  const { pid, pidStartTicks } = session.facts.process;
  const runtime = deps.runtimes[session.runtime];
  if (pid === undefined || pidStartTicks === undefined) {
    if (deps.clock.now() - session.facts.launchTime < STARTING_DEADLINE_MS) return false;
    return (await runtime.probe(handleOf(deps, session))) === "dead";
  }
  if ((await deps.processes.probe({ pid, startTicks: pidStartTicks })) !== "dead") return false;
  return (await runtime.probe(handleOf(deps, session))) === "dead";
}

/** R4: a launch called lost whose process is there after all. */
async function takeBack(deps: LifecycleDeps, session: Session): Promise<void> {
  const { pid, pidStartTicks } = session.facts.process;
  if (pid === undefined || pidStartTicks === undefined) return;
  if ((await deps.processes.probe({ pid, startTicks: pidStartTicks })) !== "alive") return;
  deps.log.warn({ sessionId: session.id }, "called lost, found alive");
  const observedTime = deps.clock.now();
  await deps.book.report([ownSignal(session, { kind: "probe", meaning: "process_alive", observedTime })]);
}
