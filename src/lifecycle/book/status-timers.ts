import type { Clock } from "../../core/ports/clock.ts";
import type { Harnesses } from "../../core/ports/harnesses.ts";
import type { Session, Status } from "../../core/session.ts";
import { nextStatusChange } from "../../core/status.ts";
import { traitsOf } from "../views.ts";

/** Notices when time alone changes a status (R8, R10), so that watchers hear of it. */
export interface StatusTimers {
  /**
   * Call with each committed session. `toldTime` is the time of the change that watchers were told with it; undefined
   * where they were told nothing.
   */
  arm(session: Session, toldTime: number | undefined): void;
  disarm(sessionId: string): void;
  stop(): void;
}

interface Armed {
  at: number;
  cancel: () => void;
}

export function createStatusTimers(deps: {
  clock: Clock;
  harnesses: Harnesses;
  statusOf: (session: Session, at: number) => Status;
  get: (sessionId: string) => Session | undefined;
  onChange: (sessionId: string) => void;
}): StatusTimers {
  const { clock, harnesses } = deps;
  const armed = new Map<string, Armed>();
  /** What watchers were told last. */
  const told = new Map<string, Status>();
  let stopped = false;

  const arm = (session: Session, toldTime: number | undefined) => {
    if (toldTime !== undefined) told.set(session.id, deps.statusOf(session, toldTime));
    check(session);
  };
  /** A commit takes time: when its change is told, time may have changed the status once more. */
  const check = (session: Session) => {
    if (stopped) return;
    const status = deps.statusOf(session, clock.now());
    const known = told.get(session.id);
    told.set(session.id, status);
    if (known === undefined || known === status) schedule(session);
    else deps.onChange(session.id);
  };
  const schedule = (session: Session) => {
    const at = nextStatusChange(session.facts, traitsOf(session, harnesses), clock.now());
    const current = armed.get(session.id);
    // A later time needs no new timer: the old one fires, finds nothing changed and schedules again.
    if (at === undefined || (current && current.at <= at)) return;
    current?.cancel();
    const cancel = clock.after(Math.max(1, at - clock.now()), () => fire(session.id));
    armed.set(session.id, { at, cancel });
  };
  const fire = (sessionId: string) => {
    armed.delete(sessionId);
    const session = deps.get(sessionId);
    if (session) check(session);
  };
  const disarm = (sessionId: string) => {
    armed.get(sessionId)?.cancel();
    armed.delete(sessionId);
    told.delete(sessionId);
  };
  return {
    arm,
    disarm,
    stop() {
      stopped = true;
      for (const sessionId of [...armed.keys()]) disarm(sessionId);
    },
  };
}
