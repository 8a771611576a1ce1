import { PROCESS_EVENTS } from "../../src/core/launch-manifest.ts";
import type { Signal, SignalFields } from "../../src/core/signal.ts";
import type { SessionView } from "../../src/lifecycle/api.ts";
import type { InProcess } from "./in-process.ts";

let counter = 0;

/** Plays the agent of a session: sends the signals its launcher and hooks would. */
export function playAgent(world: InProcess, view: SessionView) {
  const { launchId } = view.session.facts;
  const pid = 1000 + ++counter;
  const identity = { pid, startTicks: 77 };
  const signal = (kind: Signal["kind"], event: string, fields: SignalFields = {}, id?: string): Signal => ({
    id: id ?? `s${++counter}`,
    launchId,
    seq: counter,
    observedTime: world.clock.now(),
    kind,
    harness: view.session.harness,
    event,
    fields,
  });
  const send = async (...signals: Signal[]) => {
    // Evidence is ordered by its time: no two events of an agent share a millisecond here.
    world.clock.advance(1);
    return world.activity.report(signals);
  };
  return {
    pid,
    identity,
    signal,
    send,
    async start() {
      world.host.alive.set(pid, { identity, sessionId: view.session.id });
      await send(signal("process", PROCESS_EVENTS.started, { pid, pidStartTicks: identity.startTicks }));
    },
    hook: (event: string, fields?: SignalFields) => send(signal("hook", event, fields)),
    async exit(fields: SignalFields) {
      world.host.alive.delete(pid);
      return send(signal("process", PROCESS_EVENTS.exited, fields));
    },
    /** Ends without a word, as with SIGKILL of everything. */
    vanish() {
      world.host.alive.delete(pid);
      world.host.panes.delete(launchId);
    },
  };
}
