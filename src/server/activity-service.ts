import type * as pb from "../../gen/ao/v1/activity_service.ts";
import type { App } from "../lifecycle/api.ts";
import type { FailPoint } from "../util/fail-point.ts";
import { harnessTraitsToProto } from "../wire/harness-traits.ts";
import { decodePageToken, encodePageToken, type PageScope, pageSize } from "../wire/page-token.ts";
import { sessionToProto } from "../wire/session.ts";
import { describeSession } from "../wire/session-info.ts";
import { signalOutcomes } from "../wire/signal.ts";
import { signalRecordToProto } from "../wire/signal-record.ts";
import { optionalId, position, requiredMessage, sessionRef } from "./fields.ts";
import type { CallExtras, GuardedContext } from "./guard.ts";
import { signalRequest } from "./signal-request.ts";
import { streamActivity } from "./stream-activity.ts";

type ActivityApp = Pick<App, "activity" | "onShimStreams">;

/** Handlers of ActivityService. */
export function createActivityService(
  app: ActivityApp,
  failPoint: FailPoint,
): pb.ActivityServiceImplementation<CallExtras> {
  const { activity } = app;
  return {
    reportActivity: async ({ signal }) => {
      const [result] = await activity.report([signalRequest(requiredMessage("signal", signal), Date.now())]);
      if (!result) throw new Error("the activity log gave no result for a signal");
      return { outcome: signalOutcomes.toProto(result.outcome), rule: result.rule, reason: result.reason };
    },
    streamActivity: countStreams(app, failPoint),
    listSignals: (request) => listSignals(app, request),
    watchSignals: (request, { signal }) => watchSignals(app, request, signal),
    explainSession: async ({ sessionId }) => {
      const explained = await activity.explain(sessionRef("session_id", sessionId));
      const { view, verdict, signals, traits } = explained;
      return {
        traits: harnessTraitsToProto(traits),
        session: sessionToProto(describeSession(view)),
        verdict,
        signals: signals.map(signalRecordToProto),
      };
    },
  };
}

/** Only the shim streams with the operator's token; the daemon wants to know whether it is there. */
function countStreams({ activity, onShimStreams }: ActivityApp, failPoint: FailPoint) {
  let open = 0;
  return async function* (requests: AsyncIterable<pb.StreamActivityRequest>, { principal }: GuardedContext) {
    const counted = principal.kind === "operator" ? 1 : 0;
    open += counted;
    onShimStreams(open);
    try {
      yield* streamActivity(requests, { report: activity.report, failPoint });
    } finally {
      open -= counted;
      onShimStreams(open);
    }
  };
}

async function listSignals(
  { activity }: ActivityApp,
  request: pb.ListSignalsRequest,
): Promise<Partial<pb.ListSignalsResponse>> {
  const sessionId = sessionRef("session_id", request.sessionId);
  const launchId = optionalId("launch_id", request.launchId);
  const scope: PageScope = { list: "signals", filter: [sessionId, launchId] };
  const limit = pageSize(request.pageSize);
  const after = decodePageToken(scope, request.pageToken);
  const rows = await activity.list({
    sessionId,
    launchId: launchId || undefined,
    // One more tells whether there is a next page.
    limit: limit + 1,
    beforeLogId: after === undefined ? undefined : Number(after),
  });
  const page = rows.slice(0, limit);
  const next = rows.length > limit ? page.at(-1)?.logId.toString() : undefined;
  return { signals: page.map(signalRecordToProto), nextPageToken: encodePageToken(scope, next) };
}

async function* watchSignals(
  { activity }: ActivityApp,
  { sessionId, afterLogId }: pb.WatchSignalsRequest,
  signal: AbortSignal,
) {
  const options = {
    sessionId: sessionId === "" ? undefined : sessionRef("session_id", sessionId),
    afterLogId: position("after_log_id", afterLogId),
  };
  for await (const row of activity.watch(options, signal)) yield { signal: signalRecordToProto(row) };
}
