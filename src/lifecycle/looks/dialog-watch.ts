import type { PendingRequest, Session } from "../../core/session.ts";
import { SCREEN_DIALOG } from "../../core/signal.ts";
import type { WatchDeps } from "../deps.ts";
import { ownSignal } from "../own-signals.ts";
import { screenOf } from "../screen-of.ts";
import { traitsOf } from "../views.ts";

/**
 * Watches the dialogs of agents that tell nobody when one was answered (codex: neither hook nor rollout), and those that
 * were seen on screen only: the screen tells, when the dialog is gone from it. A terminal that is silent is not looked at
 * again.
 */
export interface DialogWatch {
  /** Follows the dialogs that are open now; call it after every commit. */
  round(): void;
  stop(): void;
}

/** A redraw can be seen half done: a dialog is gone when a second look does not find it either. */
const CONFIRM_MS = 200;
/** An answer is never older than the last output by more than the way of a key through the agent. */
const KEY_MS = 50;

/** Between two looks at one terminal; more where looking is in vain, most where the terminal cannot be heard. */
const GAP_MS = 100;
const VAIN_GAP_MS = 1000;
const LARGEST_GAP_MS = 5000;

/** An open request and what its screen has shown of it. */
interface Watched {
  key: string;
  sessionId: string;
  /** When the dialog was last seen; undefined before it was drawn. */
  shownTime?: number;
  /** When the terminal was first written to since. */
  outputTime?: number;
  looking: boolean;
  /** Monotonic. */
  nextLook: number;
  gap: number;
  /** Calls off the look that is due. */
  cancel?: () => void;
  /** Undefined where the terminal cannot be heard: it is looked at again and again. */
  unhear?: () => void;
}

export function createDialogWatch(deps: WatchDeps): DialogWatch {
  const all = new Map<string, Watched>();

  const watch = (session: Session): Watched => {
    const nextLook = deps.clock.monotonic();
    const watched: Watched = {
      key: keyOf(session),
      sessionId: session.id,
      looking: false,
      nextLook,
      gap: GAP_MS,
    };
    const hear = () => {
      watched.outputTime ??= deps.clock.now();
      void lookAt(watched);
    };
    const { pid } = session.facts.process;
    if (pid !== undefined) watched.unhear = deps.processes.hearTerminal(pid, hear);
    return watched;
  };
  const drop = (watched: Watched) => {
    watched.unhear?.();
    watched.cancel?.();
    all.delete(watched.sessionId);
  };
  const lookLater = (watched: Watched, ms: number) => {
    watched.cancel ??= deps.clock.after(ms, () => {
      watched.cancel = undefined;
      void lookAt(watched);
    });
  };
  const lookAt = async (watched: Watched): Promise<void> => {
    if (watched.looking) return;
    const early = watched.nextLook - deps.clock.monotonic();
    if (early > 0) return lookLater(watched, early);
    watched.looking = true;
    try {
      await follow(deps, watched);
    } catch (error) {
      deps.log.warn({ sessionId: watched.sessionId, err: error }, "dialog could not be looked at");
    } finally {
      watched.looking = false;
      const largest = watched.unhear ? VAIN_GAP_MS : LARGEST_GAP_MS;
      watched.gap = isQuiet(watched) ? GAP_MS : Math.min(watched.gap * 1.5, largest);
      watched.nextLook = deps.clock.monotonic() + watched.gap;
      if (all.get(watched.sessionId) === watched && !isQuiet(watched)) lookLater(watched, watched.gap);
    }
  };

  return {
    round() {
      const open = new Map(deps.book.live().flatMap((one) => (isSilent(deps, one) ? [[one.id, one]] : [])));
      for (const watched of [...all.values()]) {
        const session = open.get(watched.sessionId);
        if (!session || keyOf(session) !== watched.key) drop(watched);
      }
      for (const session of open.values()) {
        if (all.has(session.id)) continue;
        const watched = watch(session);
        all.set(session.id, watched);
        void lookAt(watched);
      }
    },
    stop() {
      for (const watched of [...all.values()]) drop(watched);
    },
  };
}

/** The dialog was seen, and nothing was written since: it stands. */
function isQuiet({ shownTime, outputTime, unhear }: Watched): boolean {
  return unhear !== undefined && shownTime !== undefined && outputTime === undefined;
}

function isSilent(deps: WatchDeps, session: Session): boolean {
  const { activity, requests } = session.facts;
  const { silentAnswers = false } = traitsOf(session, deps.harnesses);
  const isTold = !silentAnswers && !requests[0]?.requestId.startsWith(SCREEN_DIALOG);
  return !isTold && session.runtime === "tmux" && activity.state === "blocked";
}

/** Names one dialog of one launch. */
function keyOf({ facts }: Session): string {
  return `${facts.launchId} ${facts.requests[0]?.requestId}`;
}

/** Looks until what is on screen accounts for everything that was heard. */
async function follow(deps: WatchDeps, watched: Watched): Promise<void> {
  for (;;) {
    const heard = watched.outputTime;
    const session = await deps.book.get(watched.sessionId);
    if (!session || keyOf(session) !== watched.key) return;
    if (await shows(deps, session)) {
      watched.shownTime = deps.clock.now();
      if (watched.outputTime === heard) watched.outputTime = undefined;
    } else if (watched.shownTime !== undefined) {
      await pause(deps, CONFIRM_MS);
      if (!(await shows(deps, session))) return report(deps, watched);
    }
    if (watched.outputTime === undefined || watched.shownTime === undefined) return;
    await pause(deps, CONFIRM_MS);
  }
}

/** Stamped with the time of the key, so that the agent's own word of a denial is newer, whichever comes first. */
async function report(deps: WatchDeps, { key, sessionId, ...seen }: Watched): Promise<void> {
  const session = await deps.book.get(sessionId);
  if (!session || keyOf(session) !== key || session.facts.activity.state !== "blocked") return;
  const observedTime = Math.max(seen.shownTime ?? 0, (seen.outputTime ?? 0) - KEY_MS);
  const answered = answeredOf(session.facts.requests, seen.shownTime ?? 0);
  await deps.book.report(
    answered.map(({ requestId, agentId }) => {
      const fields = { requestId, agentId, reason: "gone from the screen" };
      return ownSignal(session, { kind: "probe", meaning: "request_answered", observedTime, fields });
    }),
  );
}

/** The oldest; gemini's subagents ask at the same time, their dialogs stand behind each other, and none names its tool. */
function answeredOf(requests: readonly PendingRequest[], shownTime: number): PendingRequest[] {
  const [first, ...others] = requests;
  if (!first) return [];
  return [first, ...others.filter(({ tool, since }) => !first.tool && !tool && since <= shownTime)];
}

async function shows(deps: WatchDeps, session: Session): Promise<boolean> {
  const text = await screenOf(deps, session);
  // A terminal that is gone shows nothing; the launch's end is told by others.
  return text === undefined || deps.harnesses.get(session.harness).readScreen(text).kind === "dialog";
}

function pause(deps: WatchDeps, ms: number): Promise<void> {
  return new Promise((resolve) => void deps.clock.after(ms, resolve));
}
