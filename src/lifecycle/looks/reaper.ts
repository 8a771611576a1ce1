import type { ProcessIdentity, ProcessLook } from "../../core/ports/runtime.ts";
import { STARTING_DEADLINE_MS } from "../../core/reducer/process.ts";
import type { Session } from "../../core/session.ts";
import type { Meaning, SignalFields } from "../../core/signal.ts";
import type { LifecycleDeps } from "../deps.ts";
import { mayRun, processOf } from "../lookups.ts";
import { ownSignal } from "../own-signals.ts";
import { createPaneWatch, type PaneWatch } from "./pane-watch.ts";
import { withPatience } from "./with-patience.ts";

/** The level-triggered sweep: compares rows with reality, finds by itself what no event told (R3, R4, R9, R11). */
export interface Reaper {
  /**
   * Looks at every live session, at each once at a time. Resolves when all were looked at, at the latest after 250 ms:
   * a look that hangs goes on by itself and holds up nobody.
   */
  sweep(): Promise<void>;
  /** Every launch of another boot is lost at once. Call before the first sweep. */
  reapOldBoots(): Promise<void>;
  /** Ends and exits found by sweeps, not told by events. */
  missedEvents(): number;
}

/** R9: gone twice, at least this far apart, with no newer evidence. */
const CONFIRM_MS = 1000;

type ReaperDeps = LifecycleDeps & {
  spooledFor: (launchId: string) => Promise<boolean>;
  /** Settles a launch of which nothing ever ran; false when it may have. */
  neverStarted: (session: Session) => Promise<boolean>;
};

interface Suspicion {
  launchId: string;
  /** Evidence time when it was first found gone. */
  evidenceTime: number;
  since: number;
}

/** What one sweep saw of a session's process, and when it began to look. */
interface Seen {
  look: ProcessLook;
  lookTime: number;
}

export function createReaper(deps: ReaperDeps): Reaper {
  const suspects = new Map<string, Suspicion>();
  /** Sessions whose process was stopped, or ran again, at one look: the next one decides. */
  const wavering = new Set<string>();
  const looking = new Set<string>();
  const panes = createPaneWatch(deps);
  let missed = 0;

  const declareDead = async (session: Session, fields: SignalFields, observedTime = deps.clock.now()) => {
    missed += 1;
    deps.log.warn({ sessionId: session.id, ...fields }, "found dead by the sweep");
    await tell(deps, session, { meaning: "process_dead", fields, observedTime });
  };

  /** Dated by the start of the look: a hook that came while it went on is newer evidence. */
  const confirm = async (seen: Session, lookTime: number): Promise<void> => {
    const session = await deps.book.get(seen.id);
    if (!session || !mayRun(session) || session.facts.launchId !== seen.facts.launchId) return;
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
    if (await deps.neverStarted(session)) return;
    await declareDead(session, { reason: "gone" }, lookTime);
  };

  /** A debugger stops a process for moments: only what two looks in a row show is told. */
  const noteStop = async (session: Session, stopped: boolean): Promise<void> => {
    if (stopped === (session.facts.process.stoppedTime !== undefined)) {
      wavering.delete(session.id);
    } else if (!wavering.delete(session.id)) {
      wavering.add(session.id);
    } else {
      await tell(deps, session, { meaning: stopped ? "process_stopped" : "process_continued" });
    }
  };

  /** What almost every look sees: the process runs, as it did before. */
  const passBy = (session: Session): void => {
    suspects.delete(session.id);
    wavering.delete(session.id);
    panes.forget(session.id);
  };

  const judge = async (session: Session, { look, lookTime }: Seen): Promise<void> => {
    if (session.facts.process.state === "lost") return takeBack(deps, session, look);
    if (await isDead(deps, panes, session, look)) return confirm(session, lookTime);
    suspects.delete(session.id);
    if (look === "alive" || look === "stopped") await noteStop(session, look === "stopped");
  };

  const begin = (session: Session, seen: Seen): Promise<void> =>
    judge(session, seen)
      .catch((error: unknown) => {
        deps.log.error({ sessionId: session.id, err: error }, "probe failed; nothing was changed");
      })
      .finally(() => looking.delete(session.id));

  const lookAt = async (sessions: readonly Session[]): Promise<void> => {
    const lookTime = deps.clock.now();
    const looks = await lookAtProcesses(deps, sessions);
    const remarkable = sessions.filter((session) => {
      if (!runsOn(session, looks.get(session))) return true;
      passBy(session);
      looking.delete(session.id);
      return false;
    });
    await Promise.all(
      remarkable.map((session) => begin(session, { look: looks.get(session) ?? "unknown", lookTime })),
    );
  };

  return {
    async sweep() {
      const idle = deps.book.live().filter((session) => !looking.has(session.id));
      for (const { id } of idle) looking.add(id);
      await withPatience(deps.clock, lookAt(idle));
    },
    async reapOldBoots() {
      const bootId = await deps.processes.bootId();
      for (const session of deps.book.live().filter(mayRun)) {
        const launch = await deps.store.getLaunch(session.facts.launchId);
        if (launch && launch.bootId !== bootId) await declareDead(session, { reason: "host_rebooted" });
      }
    },
    missedEvents: () => missed,
  };
}

/** One pass over the host's processes, for 100 sessions costs a millisecond; those whose process is not known have none. */
async function lookAtProcesses(
  deps: ReaperDeps,
  sessions: readonly Session[],
): Promise<Map<Session, ProcessLook>> {
  const known = sessions.flatMap((session) => {
    const identity = processOf(session);
    return identity ? [{ session, identity }] : [];
  });
  const looks = await looksOf(
    deps,
    known.map(({ identity }) => identity),
  );
  return new Map(known.map(({ session }, index) => [session, looks[index] ?? "unknown"]));
}

/** A look that fails is no evidence. */
async function looksOf(
  deps: ReaperDeps,
  identities: readonly ProcessIdentity[],
): Promise<readonly ProcessLook[]> {
  try {
    return await deps.processes.lookAll(identities);
  } catch (error) {
    deps.log.error({ err: error }, "the processes of sessions could not be looked at");
    return [];
  }
}

/** True when nothing is to be told of a session: it runs, is not held, and was not called lost. */
function runsOn({ facts }: Session, look: ProcessLook | undefined): boolean {
  return look === "alive" && facts.process.state !== "lost" && facts.process.stoppedTime === undefined;
}

/** Process gone and pane dead or absent. A probe that cannot look is no evidence. */
async function isDead(
  deps: ReaperDeps,
  panes: PaneWatch,
  session: Session,
  look: ProcessLook,
): Promise<boolean> {
  if (!processOf(session)) {
    // A worktree of a large repository takes longer than any deadline of ours.
    const early =
      deps.underway.has(session.facts.launchId) ||
      deps.clock.now() - session.facts.launchTime < STARTING_DEADLINE_MS;
    return !early && (await panes.isDead(session, { processGone: false }));
  }
  if (look === "dead") return panes.isDead(session, { processGone: true });
  panes.forget(session.id);
  return false;
}

/** R4: a launch called lost whose process is there after all. After a reboot the same pid and start are another's. */
async function takeBack(deps: ReaperDeps, session: Session, look: ProcessLook): Promise<void> {
  if (session.facts.process.exit?.cause === "host_rebooted") return;
  if (look !== "alive" && look !== "stopped") return;
  deps.log.warn({ sessionId: session.id }, "called lost, found alive");
  await tell(deps, session, { meaning: "process_alive" });
}

async function tell(
  deps: ReaperDeps,
  session: Session,
  what: { meaning: Meaning; fields?: SignalFields; observedTime?: number },
): Promise<void> {
  const { observedTime = deps.clock.now(), ...rest } = what;
  await deps.book.report([ownSignal(session, { kind: "probe", observedTime, ...rest })]);
}
