import type { Session } from "../../core/session.ts";
import type { WatchDeps } from "../deps.ts";
import { ownSignal } from "../own-signals.ts";
import { screenOf } from "../screen-of.ts";
import { createLooks } from "./looks.ts";

/**
 * Looks at the screens of sessions that have not reported yet: a trust or login dialog fires no hook (R11), and some
 * agents report nothing before their first prompt. Each look is a tmux call, so it ends with the first hook.
 */
export interface ScreenWatch {
  /**
   * Looks at every session whose turn it is, at each once at a time. Resolves when all were looked at, at the latest
   * after 250 ms: a terminal that hangs holds up nobody.
   */
  round(): Promise<void>;
}

/** Looks per launch at most, at growing distance: about ten minutes in all. */
const FIRST_GAP_MS = 500;
const LARGEST_GAP_MS = 5000;
const GIVE_UP_MS = 10 * 60_000;
/** An agent may draw its composer before its trust dialog (seen with codex): one look at a composer settles nothing. */
const SETTLE_MS = 15_000;

interface Turn {
  launchId: string;
  nextLook: number;
  gap: number;
}

export function createScreenWatch(deps: WatchDeps): ScreenWatch {
  const turns = new Map<string, Turn>();
  const looks = createLooks(deps, {
    look: (session) => look(deps, session),
    failure: "screen could not be read",
  });
  return {
    async round() {
      const silent = deps.book.live().filter((session) => isSilent(session, deps.clock.now()));
      const wanted = new Set(silent.map((session) => session.id));
      for (const sessionId of turns.keys()) if (!wanted.has(sessionId)) turns.delete(sessionId);
      const now = deps.clock.monotonic();
      await looks.begin(silent.filter((one) => !looks.isUnderWay(one) && isDue(turns, one, now)));
    },
  };
}

/** A running launch in a terminal of which neither a hook nor, while no prompt is due, its settled composer was seen. */
function isSilent(session: Session, now: number): boolean {
  const { facts } = session;
  if (session.runtime !== "tmux" || facts.process.state !== "running" || facts.receiptTime !== undefined)
    return false;
  const composed = facts.readyTime !== undefined && facts.gate === undefined && !facts.promptPending;
  if (composed && now - facts.launchTime > SETTLE_MS) return false;
  return now - facts.launchTime < GIVE_UP_MS;
}

function isDue(turns: Map<string, Turn>, session: Session, now: number): boolean {
  const { launchId } = session.facts;
  let turn = turns.get(session.id);
  if (turn?.launchId !== launchId) {
    turn = { launchId, nextLook: now, gap: FIRST_GAP_MS };
    turns.set(session.id, turn);
  }
  if (now < turn.nextLook) return false;
  turn.nextLook = now + turn.gap;
  turn.gap = Math.min(turn.gap * 1.5, LARGEST_GAP_MS);
  return true;
}

async function look(deps: WatchDeps, session: Session): Promise<void> {
  const harness = deps.harnesses.find(session.harness);
  const text = harness && (await screenOf(deps, session));
  if (!harness || text === undefined) return;
  const reading = harness.readScreen(text);
  const observedTime = deps.clock.now();
  switch (reading.kind) {
    case "ready":
      if (session.facts.readyTime !== undefined && session.facts.gate === undefined) break;
      await deps.book.report([ownSignal(session, { kind: "probe", meaning: "screen_ready", observedTime })]);
      break;
    case "gate":
      if (session.facts.gate === reading.gate) break;
      await deps.book.report([
        ownSignal(session, {
          kind: "probe",
          meaning: "screen_gate",
          observedTime,
          fields: { type: reading.gate },
        }),
      ]);
      break;
    case "dialog":
    case "unknown":
      break;
  }
}
