import type { SessionInfo } from "../client-types.ts";
import { hasEnded, isReady, reachReady, relaunch, type StepWorld } from "./step-world.ts";

/** How long an agent may take to come to rest by itself, or after an interrupt, before it is started anew. */
const REST_MS = 5000;

/**
 * Brings the agent to its prompt before a step. One that stands open (a dialog nobody could answer) is interrupted;
 * where a step failed, or it does not come to rest, its process is ended and started anew in the same session.
 *
 * Returns what had to be done, for people; empty when nothing. Throws TimelineError or an AoError when it could not.
 */
export async function settle(world: StepWorld, options: { anew: boolean }): Promise<string> {
  const { client, sessionId } = world;
  const session = await client.sessions.get(sessionId);
  if (options.anew) return startAnew(world, "after the failure");
  if (hasEnded(session)) return startAnew(world, `it had ended: ${session.statusReason}`);
  if (await rests(world)) return "";
  const { interrupted } = await client.sessions.interrupt(sessionId);
  if (interrupted && (await rests(world))) return "interrupted first";
  return startAnew(world, `it was still ${session.status}`);
}

async function rests({ timeline, harness, launchId }: StepWorld): Promise<boolean> {
  const mark = timeline.mark() - 1;
  const isAtPrompt = isReady(harness);
  const matches = (session: SessionInfo) => session.launchId === launchId && isAtPrompt(session);
  return (await timeline.find({ mark, timeoutMs: REST_MS, matches })) !== undefined;
}

async function startAnew(world: StepWorld, why: string): Promise<string> {
  const mark = world.timeline.mark();
  await relaunch(world, { fresh: true });
  await reachReady(world, mark);
  return `in a new launch, ${why}`;
}
