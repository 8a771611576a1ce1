import type { ActivityCalls } from "../client/activity.ts";
import type { AoClient } from "../client/client.ts";
import type { DaemonCalls } from "../client/daemon.ts";
import type { HarnessCalls } from "../client/harnesses.ts";
import type { SessionCalls } from "../client/sessions.ts";

export type { AoClient };
/** A session as the daemon describes it. */
export type SessionInfo = Awaited<ReturnType<SessionCalls["get"]>>;
/** What became of a message that was sent. */
export type SentMessage = Awaited<ReturnType<SessionCalls["send"]>>;
/** A message in an outbox. */
export type MessageInfo = Awaited<ReturnType<SessionCalls["waitMessage"]>>;
/** An agent CLI as the daemon describes it. */
export type HarnessInfo = Awaited<ReturnType<HarnessCalls["get"]>>;
/** How a harness reads a screen. */
export type ScreenExplanation = NonNullable<Awaited<ReturnType<HarnessCalls["readScreen"]>>["explanation"]>;
/** The daemon as it describes itself. */
export type DaemonInfo = Awaited<ReturnType<DaemonCalls["get"]>>;
/** A status explained. */
export type Explanation = Awaited<ReturnType<ActivityCalls["explain"]>>;
