import type { SignalAck as SignalAckMessage } from "../../gen/ao/v1/activity_service.ts";
import { ActivityServiceDefinition } from "../../gen/ao/v1/activity_service.ts";
import type { MeantRow, SignalRow } from "../core/ports/store.ts";
import type { HarnessTraits } from "../core/reduce-types.ts";
import type { Signal, SignalOutcome } from "../core/signal.ts";
import { harnessTraitsFromProto } from "../wire/harness-traits.ts";
import { sessionFromProto } from "../wire/session.ts";
import type { SessionInfo } from "../wire/session-info.ts";
import { signalOutcomes, signalToProto } from "../wire/signal.ts";
import { meantRowFromProto, signalRecordFromProto } from "../wire/signal-record.ts";
import type { Connection } from "./connection.ts";
import { DEADLINE_MS } from "./deadlines.ts";
import { required } from "./required.ts";

/** What became of one signal; an outcome is undefined when only a newer version knows it. */
export interface SignalAck {
  launchId: string;
  signalId: string;
  outcome?: SignalOutcome;
}

/** Calls of ActivityService; errors are those of the RPC of the same name. */
export interface ActivityCalls {
  report(
    signal: Signal,
    abort?: AbortSignal,
  ): Promise<{ outcome?: SignalOutcome; rule: string; reason: string }>;
  /** Sends batches of at most 1000 signals and yields what the daemon acknowledged, in the order of commit. */
  stream(
    batches: AsyncIterable<readonly Signal[]>,
    signal?: AbortSignal,
  ): AsyncIterable<readonly SignalAck[]>;
  /** Newest first. */
  list(
    filter: { sessionId: string; launchId?: string; pageSize?: number; pageToken?: string },
    signal?: AbortSignal,
  ): Promise<{ signals: MeantRow[]; nextPageToken: string }>;
  watch(
    options?: { sessionId?: string; afterLogId?: number },
    signal?: AbortSignal,
  ): AsyncIterable<SignalRow>;
  explain(
    sessionId: string,
    signal?: AbortSignal,
  ): Promise<{
    session: SessionInfo;
    verdict: string;
    signals: MeantRow[];
    traits: HarnessTraits;
  }>;
}

/** Makes the calls of ActivityService. */
export function createActivityCalls(connection: Connection): ActivityCalls {
  const stubs = connection.stubs(ActivityServiceDefinition);
  const call = (name: string, signal?: AbortSignal) => ({ name, deadlineMs: DEADLINE_MS.read, signal });
  return {
    report: async (signal, abort) => {
      const request = { signal: signalToProto(signal) };
      const response = await connection.unary(call("ReportActivity", abort), (options) =>
        stubs.reportActivity(request, options),
      );
      return { ...response, outcome: signalOutcomes.fromProto(response.outcome) };
    },
    stream: async function* (batches, signal) {
      const responses = connection.stream({ name: "StreamActivity", signal }, (options) =>
        stubs.streamActivity(requests(batches), options),
      );
      for await (const { acks } of responses) yield acks.map(ackFromProto);
    },
    list: async (filter, signal) => {
      const page = await connection.unary(call("ListSignals", signal), (options) =>
        stubs.listSignals(filter, options),
      );
      return { ...page, signals: page.signals.map(meantRowFromProto) };
    },
    watch: async function* (request = {}, signal) {
      const messages = connection.stream({ name: "WatchSignals", signal }, (options) =>
        stubs.watchSignals(request, options),
      );
      for await (const message of messages) yield signalRecordFromProto(required("signal", message.signal));
    },
    explain: async (sessionId, signal) => {
      const response = await connection.unary(call("ExplainSession", signal), (options) =>
        stubs.explainSession({ sessionId }, options),
      );
      return {
        session: sessionFromProto(required("session", response.session)),
        verdict: response.verdict,
        signals: response.signals.map(meantRowFromProto),
        traits: harnessTraitsFromProto(required("traits", response.traits)),
      };
    },
  };
}

async function* requests(batches: AsyncIterable<readonly Signal[]>) {
  for await (const batch of batches) yield { signals: batch.map(signalToProto) };
}

function ackFromProto({ launchId, signalId, outcome }: SignalAckMessage): SignalAck {
  return { launchId, signalId, outcome: signalOutcomes.fromProto(outcome) };
}
