import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "../../core/session.ts";
import type { AoClient, Explanation, HarnessInfo, SessionInfo } from "../client-types.ts";
import { listAllSignals } from "../list-signals.ts";
import type { PromptStep, Prompts } from "./prompts.ts";
import { type Timeline, TimelineError } from "./timeline.ts";

/** What a step works with. */
export interface StepWorld {
  client: AoClient;
  harness: HarnessInfo;
  sessionId: string;
  /** The launch that is looked at; states of others are passed over. A step that starts another one sets it. */
  launchId: string;
  timeline: Timeline;
  prompts: Prompts;
  /** What an agent was told to remember, where a prompt told it. */
  number: string;
  /** Launch in which it was told: one that was started anew knows nothing of it. */
  toldLaunchId?: string;
  /** Environment of the agent. */
  env: Record<string, string>;
  timeoutMs: number;
  /** Says something to the person at the test. */
  tell: (text: string) => void;
}

/** Signals of the session, as its log holds them. */
export type Signals = Explanation["signals"];

/** Its process has ended. */
const ENDED: readonly Status[] = ["exited", "failed", "terminated", "lost"];

/** What a person needs at least to go to a terminal and answer what stands there. */
const ANSWER_MS = 120_000;

/** An idle that turns back sooner was none. */
const STANDS_MS = 1500;

export function hasEnded({ status }: SessionInfo): boolean {
  return isOneOf(status, ENDED);
}

/** At its prompt, as far as ao can know: of an agent without hooks it may be that nothing confirms it. */
export function isReady({ capabilities }: HarnessInfo): (session: SessionInfo) => boolean {
  return ({ status }) => isOneOf(status, capabilities.hooks ? ["idle"] : ["idle", "unverified"]);
}

function isOneOf(status: Status | undefined, statuses: readonly Status[]): boolean {
  return status !== undefined && statuses.includes(status);
}

/** Idle, once the turn has been seen to run. */
export function idleAfterWork(): (session: SessionInfo) => boolean {
  let worked = false;
  return ({ status }) => {
    if (status === "working") worked = true;
    return worked && status === "idle";
  };
}

/** Waits for a state after `mark`; an end that was not asked for fails at once with what is known of it. */
export function reach(
  { timeline, timeoutMs, launchId }: StepWorld,
  mark: number,
  what: string,
  matches: (session: SessionInfo) => boolean,
): Promise<SessionInfo> {
  return timeline.waitFor({
    mark,
    what,
    timeoutMs,
    matches(session) {
      if (session.launchId !== launchId) return false;
      if (matches(session)) return true;
      if (hasEnded(session))
        throw new TimelineError(`not ${what}: ${session.status}, ${session.statusReason}`);
      return false;
    },
  });
}

/** Waits until it can take a prompt. A gate on the way is the person's to answer, who is told where and given time. */
export async function reachReady(world: StepWorld, mark: number): Promise<SessionInfo> {
  const isReadyNow = isReady(world.harness);
  const what = "ready for a prompt";
  const first = await reach(world, mark, what, (session) => isReadyNow(session) || isAtGate(session));
  if (isReadyNow(first)) return first;
  const { sessionId, harness, tell } = world;
  const { attachCommand } = await world.client.sessions.get(sessionId);
  tell(`${harness.id}: ${first.statusReason}, yours to answer: ${attachCommand.join(" ")}`);
  const timeoutMs = Math.max(world.timeoutMs, ANSWER_MS);
  return reach({ ...world, timeoutMs }, world.timeline.mark() - 1, what, isReadyNow);
}

function isAtGate({ status, statusReason }: SessionInfo): boolean {
  return status === "starting" && statusReason.endsWith(" dialog on screen");
}

/** Waits for an idle that stands: what follows it in the same moment belongs to the turn. */
export async function reachIdle(
  world: StepWorld,
  mark: number,
  what: string,
  isIdle: (session: SessionInfo) => boolean,
): Promise<SessionInfo> {
  const { timeline } = world;
  let idle = await reach(world, mark, what, isIdle);
  for (;;) {
    const seen = timeline.mark();
    const turned = ({ status }: SessionInfo) => status !== "idle";
    // The latest state counts too: it may have turned before anybody looked.
    if (!(await timeline.find({ mark: seen - 1, timeoutMs: STANDS_MS, matches: turned }))) return idle;
    idle = await reach(world, seen, `${what} for good`, ({ status }) => status === "idle");
  }
}

/** Types a step's prompt, whenever the agent is ready for it. */
export async function send(
  { client, sessionId, prompts, timeoutMs }: StepWorld,
  step: PromptStep,
): Promise<void> {
  const { stage, detail } = await client.sessions.send({
    sessionId,
    text: prompts[step],
    waitTimeoutMs: timeoutMs,
  });
  if (stage === "queued" || stage === "typed")
    throw new TimelineError(`the prompt was ${stage}, not submitted: ${detail}`);
}

/** One turn from prompt to idle; with `approves` every dialog on the way is approved. Returns the mark it began at. */
export async function turn(
  world: StepWorld,
  step: PromptStep,
  options = { approves: false },
): Promise<number> {
  const { timeline, client, sessionId } = world;
  const begun = timeline.mark();
  await send(world, step);
  const isDone = idleAfterWork();
  const asks = ({ status }: SessionInfo) => options.approves && status === "needs_input";
  for (let mark = begun; ; ) {
    const matches = (session: SessionInfo) => isDone(session) || asks(session);
    const { status } = await reachIdleOr(world, mark, matches);
    if (status !== "needs_input") return begun;
    mark = timeline.mark();
    await client.sessions.answer({ sessionId, answer: "approve" });
  }
}

async function reachIdleOr(
  world: StepWorld,
  mark: number,
  matches: (session: SessionInfo) => boolean,
): Promise<SessionInfo> {
  const reached = await reach(world, mark, "idle after its turn", matches);
  if (reached.status === "needs_input") return reached;
  return reachIdle(
    world,
    world.timeline.mark() - 1,
    "idle after its turn",
    ({ status }) => status === "idle",
  );
}

/** A turn up to its permission dialog; returns the mark it began at. */
export async function ask(world: StepWorld, step: "permission" | "deny"): Promise<number> {
  const mark = world.timeline.mark();
  await send(world, step);
  const asking = await reach(world, mark, "needs_input", ({ status }) => status === "needs_input");
  const kind = asking.activity.waitingOn?.kind;
  if (kind !== "permission") throw new TimelineError(`waits for ${kind ?? "nothing"}, not for a permission`);
  return mark;
}

/** Answers the open dialog and waits for the end of its turn. */
export async function answer(world: StepWorld, decision: "approve" | "deny"): Promise<void> {
  const mark = world.timeline.mark();
  await world.client.sessions.answer({ sessionId: world.sessionId, answer: decision });
  const what = decision === "approve" ? "idle after the approval" : "idle after the denial";
  await reachIdle(world, mark, what, ({ status }) => status === "idle");
}

/** Ends the agent and starts it again; returns how it came back, and the conversation it had to go on with. */
export async function relaunch(
  world: StepWorld,
  request: { prompt?: string; fresh?: boolean },
): Promise<{ mode: string; nativeSessionId: string }> {
  const { client, sessionId, env } = world;
  const ended = await client.sessions.kill({ sessionId });
  const { session, mode } = await client.sessions.restore({ sessionId, environment: env, ...request });
  world.launchId = session.launchId;
  // The newest one may hold nothing yet: what is continued then is the one before.
  const nativeSessionId = ended.restore?.nativeSessionId || ended.nativeSessionId;
  return { mode: mode ?? "?", nativeSessionId };
}

/** The command of a prompt that names the file has run, or has not. */
export async function expectFile(
  { client, sessionId, prompts }: StepWorld,
  step: PromptStep,
  { name, made }: { name: string; made: boolean },
): Promise<void> {
  if (!prompts[step].includes(name)) return;
  const { workspace } = await client.sessions.get(sessionId);
  if (existsSync(join(workspace.path, name)) !== made)
    throw new TimelineError(made ? `"${name}" was not made` : `"${name}" was made all the same`);
}

/** All signals of the session so far. */
export function signalsOf({ client, sessionId }: StepWorld): Promise<Signals> {
  return listAllSignals(client, sessionId);
}

/** The statuses since a mark, for people. */
export function path({ timeline }: StepWorld, mark: number): string {
  return timeline.since(mark).join(" → ");
}
