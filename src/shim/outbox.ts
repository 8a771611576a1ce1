import type { Signal, SignalOutcome } from "../core/signal.ts";
import type { FailPoint } from "../util/fail-point.ts";
import type { Log } from "../util/log.ts";
import type { SignalReader } from "./signal-reader.ts";
import type { Spool } from "./spool.ts";
import type { WitnessDesk } from "./witness-desk.ts";

/** Most signals in one message. */
export const BATCH_SIGNALS = 256;
/** Most signals sent and not acknowledged; what bounds the shim's memory. */
export const WINDOW_SIGNALS = 1024;
/** Most payload bytes read in one go, so that the process stays answerable. */
const READ_BYTES = 4 * 1024 * 1024;

/** What the daemon said of one signal. */
export interface Acknowledgement {
  launchId: string;
  signalId: string;
  /** Undefined when the daemon used a word this ao does not know. */
  outcome: SignalOutcome | undefined;
}

/** The window between disk and daemon: at-least-once, in order. */
export interface Outbox {
  /** Signals not yet acknowledged in the order they were first sent: a new stream begins with them. */
  unacknowledged(): Signal[];
  awaits(signal: Signal): boolean;
  /** Takes further signals, oldest first, as far as the window has room; empty when there is nothing to send. */
  next(): Signal[];
  /** Ends a signal's wait and deletes its file, whatever the outcome; an unknown one is ignored. */
  acknowledge(ack: Acknowledgement): void;
}

/** Creates the outbox; `onRoom` tells that a full window has room again. */
export function createOutbox(deps: {
  spool: Spool;
  read: SignalReader;
  desk: WitnessDesk;
  log: Log;
  failPoint: FailPoint;
  onRoom: () => void;
}): Outbox {
  const { spool, desk, log, failPoint } = deps;
  const awaited = new Map<string, { signal: Signal; fileName?: string }>();
  const keyOf = (launchId: string, signalId: string) => `${launchId} ${signalId}`;

  const fromSpool = (count: number): Signal[] =>
    spool.take({ files: count, bytes: READ_BYTES }).map((payload) => {
      const signal = deps.read(payload);
      awaited.set(keyOf(signal.launchId, signal.id), { signal, fileName: payload.file.name });
      desk.onSignal(signal);
      failPoint("shim:read");
      return signal;
    });
  const fromWitnesses = (count: number): Signal[] =>
    desk.take(count).map((signal) => {
      awaited.set(keyOf(signal.launchId, signal.id), { signal });
      return signal;
    });

  return {
    unacknowledged: () => [...awaited.values()].map((entry) => entry.signal),
    awaits: (signal) => awaited.has(keyOf(signal.launchId, signal.id)),
    next() {
      const room = Math.min(BATCH_SIGNALS, WINDOW_SIGNALS - awaited.size);
      if (room <= 0) return [];
      const spooled = fromSpool(room);
      return [...spooled, ...fromWitnesses(room - spooled.length)];
    },
    acknowledge(ack) {
      const key = keyOf(ack.launchId, ack.signalId);
      const entry = awaited.get(key);
      if (!entry) return;
      if (awaited.size >= WINDOW_SIGNALS) deps.onRoom();
      awaited.delete(key);
      failPoint("shim:acked");
      if (entry.fileName !== undefined) spool.release(entry.fileName);
      failPoint("shim:unlinked");
      if (ack.outcome === "rejected")
        log.warn(
          { launch: ack.launchId, signal: ack.signalId, event: entry.signal.event, file: entry.fileName },
          "the daemon rejected a signal; its file is deleted",
        );
      if (ack.outcome === "stale_launch") desk.onStale(ack.launchId);
    },
  };
}
