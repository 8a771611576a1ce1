import { makeTrace } from "../core/replay/make-trace.ts";
import type { Trace } from "../core/replay/trace.ts";
import type { AoClient } from "./client-types.ts";
import { listAllSignals } from "./list-signals.ts";

/** Makes the recording of a session from the daemon's log. */
export async function recordSession(
  client: AoClient,
  recording: {
    sessionId: string;
    /** Version of ao. */
    version: string;
    /** The user's HOME, which is left out of paths. */
    home: string;
    withText: boolean;
  },
): Promise<Trace> {
  const { session, traits } = await client.activity.explain(recording.sessionId);
  return makeTrace({
    ao: recording.version,
    session: session.id,
    harness: session.harness,
    createTime: session.createTime ?? 0,
    traits,
    rows: await listAllSignals(client, session.id),
    home: recording.home,
    withText: recording.withText,
    now: Date.now(),
  });
}
