import type * as pb from "../../gen/ao/v1/activity_service.ts";
import { AoError } from "../core/errors.ts";
import type { Signal } from "../core/signal.ts";
import type { ActivityLog } from "../lifecycle/api.ts";
import type { FailPoint } from "../util/fail-point.ts";
import { signalOutcomes } from "../wire/signal.ts";
import { signalRequest } from "./signal-request.ts";

/**
 * Signals handed to the log and not yet acknowledged; beyond that the stream is not read, and HTTP/2 holds the sender.
 *
 * Counted in signals, for a message may hold one: eight messages would be eight signals a commit, and a busy disk that
 * takes 8 ms for it would hold everybody to 1000 a second. (Measured at that rate under load: p99 2.4 s so, 0.5 s now.)
 */
const MAX_IN_FLIGHT = 4096;

type Step =
  | { kind: "read"; result: IteratorResult<pb.StreamActivityRequest, unknown> }
  | { kind: "acknowledged"; response: pb.StreamActivityResponse }
  | { kind: "failed"; error: unknown };

/** Reports every batch as it comes and yields the acknowledgements in the order of the batches. */
export async function* streamActivity(
  requests: AsyncIterable<pb.StreamActivityRequest>,
  { report, failPoint }: { report: ActivityLog["report"]; failPoint: FailPoint },
): AsyncGenerator<pb.StreamActivityResponse, void, undefined> {
  const iterator = requests[Symbol.asyncIterator]();
  const inFlight: { signals: number; answer: Promise<Step> }[] = [];
  let signalsInFlight = 0;
  let reading: Promise<Step> | undefined;
  let ended = false;
  while (!ended || inFlight.length > 0) {
    if (!ended && signalsInFlight < MAX_IN_FLIGHT) reading ??= read(iterator);
    const oldest = inFlight[0]?.answer;
    const step = await Promise.race([oldest, reading].filter((promise) => promise !== undefined));
    switch (step.kind) {
      case "read":
        reading = undefined;
        if (step.result.done) ended = true;
        else {
          failPoint("daemon:received");
          const signals = Math.max(1, step.result.value.signals.length);
          signalsInFlight += signals;
          inFlight.push({ signals, answer: take(step.result.value, report) });
        }
        break;
      case "acknowledged":
        signalsInFlight -= inFlight.shift()?.signals ?? 0;
        failPoint("daemon:before-ack");
        yield step.response;
        failPoint("daemon:acked");
        break;
      case "failed":
        throw step.error;
    }
  }
}

async function read(iterator: AsyncIterator<pb.StreamActivityRequest>): Promise<Step> {
  return { kind: "read", result: await iterator.next() };
}

/** Settles as a value: a batch may fail before its turn, when nobody listens yet. */
function take(request: pb.StreamActivityRequest, report: ActivityLog["report"]): Promise<Step> {
  return acknowledge(request, report).then(
    (response) => ({ kind: "acknowledged", response }),
    (error: unknown) => ({ kind: "failed", error }),
  );
}

/** A signal that cannot be used never reaches the log; its acknowledgement stands where it stood in the batch. */
async function acknowledge(
  { signals: messages }: pb.StreamActivityRequest,
  report: ActivityLog["report"],
): Promise<pb.StreamActivityResponse> {
  const now = Date.now();
  const signals = messages.map((message) => usable(() => signalRequest(message, now)));
  const results = (await report(signals.filter((signal) => signal !== undefined)))[Symbol.iterator]();
  const acks = messages.map(({ launchId, signalId }, index) => {
    const outcome = signals[index] ? (results.next().value?.outcome ?? "rejected") : "rejected";
    return { launchId, signalId, outcome: signalOutcomes.toProto(outcome) };
  });
  return { acks };
}

function usable(parse: () => Signal): Signal | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof AoError && error.reason === "INVALID_FIELD") return undefined;
    throw error;
  }
}
