import { setTimeout as sleep } from "node:timers/promises";
import { createServer, ServerError, Status } from "nice-grpc";
import * as assert from "uvu/assert";
import {
  ActivityServiceDefinition,
  type ActivityServiceImplementation,
  type StreamActivityRequest,
} from "../../gen/ao/v1/activity_service.ts";
import type { Signal, SignalOutcome } from "../../src/core/signal.ts";
import { signalFromProto, signalOutcomes } from "../../src/wire/signal.ts";

/** The daemon's end of the stream: keeps what it gets, acknowledges as told. */
export interface RecordingDaemon {
  /** Every signal that arrived, also repeated ones. */
  readonly received: Signal[];
  /** Number of signals in each message. */
  readonly batches: number[];
  readonly authorizations: string[];
  /** What became of a signal; `undefined` leaves it without an answer. */
  judge: (signal: Signal) => SignalOutcome | undefined;
  start(): Promise<void>;
  /** Drops every connection at once, as SIGKILL does. */
  kill(): Promise<void>;
}

export const TOKEN = "operator-token";

export function createRecordingDaemon(socketPath: string): RecordingDaemon {
  let server: ReturnType<typeof createServer> | undefined;
  const daemon: RecordingDaemon = {
    received: [],
    batches: [],
    authorizations: [],
    judge: () => "applied",
    async start() {
      server = createServer();
      server.add(ActivityServiceDefinition, implementation(daemon));
      // nice-grpc reads `unix:/p` as a host with a port; three slashes keep it a path.
      await server.listen(`unix://${socketPath}`);
    },
    async kill() {
      await server?.forceShutdown();
      server = undefined;
    },
  };
  return daemon;
}

function implementation(daemon: RecordingDaemon): ActivityServiceImplementation {
  const unused = async () => {
    throw new ServerError(Status.UNIMPLEMENTED, "the shim does not call this");
  };
  return {
    async *streamActivity(requests: AsyncIterable<StreamActivityRequest>, context) {
      const authorization = context.metadata.get("authorization") ?? "";
      daemon.authorizations.push(authorization);
      if (authorization !== `Bearer ${TOKEN}`)
        throw new ServerError(Status.UNAUTHENTICATED, "no valid token");
      for await (const { signals } of requests) {
        daemon.batches.push(signals.length);
        const acks = signals.flatMap((message) => {
          const signal = signalFromProto(message);
          daemon.received.push(signal);
          const outcome = daemon.judge(signal);
          return outcome
            ? [{ launchId: signal.launchId, signalId: signal.id, outcome: signalOutcomes.toProto(outcome) }]
            : [];
        });
        await sleep(0);
        if (acks.length > 0) yield { acks };
      }
    },
    reportActivity: unused,
    listSignals: unused,
    watchSignals: unused as unknown as ActivityServiceImplementation["watchSignals"],
    explainSession: unused,
  };
}

/**
 * Fails unless `count` different signals arrived, each under one id however often, and the first arrivals of each launch
 * came in the order of the numbers in their events (`E<number>`).
 */
export function assertDelivery(received: readonly Signal[], count: number): void {
  const ids = new Map<string, string>();
  const last = new Map<string, number>();
  for (const { id, launchId, event } of received) {
    const key = `${launchId} ${event}`;
    const known = ids.get(key);
    assert.ok(known === undefined || known === id, `${key} has two ids`);
    ids.set(key, id);
    const number = Number(event.slice(1));
    if (known !== undefined || !event.startsWith("E")) continue;
    assert.ok(number > (last.get(launchId) ?? -1), `${key} came too late`);
    last.set(launchId, number);
  }
  assert.is(ids.size, count);
  assert.is(new Set(ids.values()).size, count, "two signals share an id");
}
