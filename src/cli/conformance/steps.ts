import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "../../core/session.ts";
import type { AoClient, Explanation, HarnessInfo, SessionInfo } from "../client-types.ts";
import { listAllSignals } from "../list-signals.ts";
import { APPROVED_FILE, DENIED_FILE, type PromptStep, type Prompts } from "./prompts.ts";
import { type Timeline, TimelineError } from "./timeline.ts";

export const STEPS = [
  "start",
  "prompt",
  "tool",
  "permission",
  "deny",
  "interrupt",
  "error",
  "exit",
  "resume",
  "kill",
] as const;
export type StepName = (typeof STEPS)[number];

/** `unsupported`: the harness says it cannot; `skipped`: not tried. */
export type StepVerdict = "passed" | "failed" | "unsupported" | "skipped";

/** What a step works with. */
export interface StepWorld {
  client: AoClient;
  harness: HarnessInfo;
  sessionId: string;
  timeline: Timeline;
  prompts: Prompts;
  /** Environment of the agent. */
  env: Record<string, string>;
  timeoutMs: number;
}

type Outcome = { verdict: Exclude<StepVerdict, "failed">; detail: string };
const passed = (detail: string): Outcome => ({ verdict: "passed", detail });
const unsupported = (detail: string): Outcome => ({ verdict: "unsupported", detail });
const skipped = (detail: string): Outcome => ({ verdict: "skipped", detail });

const ENDED: readonly Status[] = ["exited", "failed", "terminated", "lost"];

/** A step says what was seen, and throws TimelineError or an AoError when it is not what must be. */
export const RUN_STEP: Readonly<Record<StepName, (world: StepWorld) => Promise<Outcome>>> = {
  async start(world) {
    const { capabilities } = world.harness;
    const ready: readonly Status[] = capabilities.hooks ? ["idle"] : ["idle", "unverified"];
    const session = await reach(world, 0, "ready for a prompt", ({ status }) => isOneOf(status, ready));
    return passed(`pid ${session.process.pid}; ${session.statusReason}`);
  },

  async prompt(world) {
    if (!world.harness.capabilities.turnEndSignal) return unsupported("no event tells the end of a turn");
    return passed(path(world, await turn(world, "say")));
  },

  async tool(world) {
    const events = world.harness.events.filter(
      ({ meaning }) => meaning === "tool_start" || meaning === "tool_end",
    );
    if (events.length === 0) return unsupported("no event tells of tools");
    const mark = await turn(world, "tool", { approves: true });
    const signals = await signalsOf(world);
    const missing = ["tool_start", "tool_end"].filter(
      (meaning) =>
        events.some((row) => row.meaning === meaning) && !signals.some((row) => row.meaning === meaning),
    );
    if (missing.length > 0) throw new TimelineError(`no ${missing.join(" and no ")} came`);
    return passed(path(world, mark));
  },

  async permission(world) {
    if (!world.harness.capabilities.permissionSignal)
      return unsupported("no event tells of a permission dialog");
    const mark = await ask(world, "permission");
    if (!world.harness.capabilities.answer)
      return passed(`${path(world, mark)}; ao cannot answer, and leaves it open`);
    await world.client.sessions.answer({ sessionId: world.sessionId, answer: "approve" });
    await reach(world, mark, "idle after the approval", ({ status }) => status === "idle");
    await expectFile(world, "permission", { name: APPROVED_FILE, made: true });
    return passed(path(world, mark));
  },

  async deny(world) {
    const { permissionSignal, answer } = world.harness.capabilities;
    if (!permissionSignal || !answer) return unsupported("ao cannot answer its dialogs");
    const mark = await ask(world, "deny");
    await world.client.sessions.answer({ sessionId: world.sessionId, answer: "deny" });
    await reach(world, mark + 1, "idle after the denial", ({ status }) => status === "idle");
    await expectFile(world, "deny", { name: DENIED_FILE, made: false });
    return passed(path(world, mark));
  },

  async interrupt(world) {
    const mark = world.timeline.mark();
    await send(world, "interrupt");
    await reach(world, mark, "working", ({ status }) => status === "working");
    const { interrupted } = await world.client.sessions.interrupt(world.sessionId);
    if (!interrupted) throw new TimelineError("there was no turn to interrupt");
    await reach(world, mark, "idle after the interrupt", idleAfterWork());
    return passed(path(world, mark));
  },

  async error(world) {
    if (world.prompts.error === "")
      return skipped("needs a prompt that makes its model fail (`--prompt error=…`)");
    const mark = await turn(world, "error");
    const failed = await signalsOf(world);
    if (!failed.some(({ meaning }) => meaning === "turn_failed" || meaning === "turn_problem"))
      throw new TimelineError("no event told why the turn ended");
    return passed(path(world, mark));
  },

  async exit(world) {
    if (world.prompts.exit === "") return skipped("needs the command that ends it (`--prompt exit=/exit`)");
    const mark = world.timeline.mark();
    // An agent that ends takes its composer with it, so that the message may count as typed only.
    await world.client.sessions.send({
      sessionId: world.sessionId,
      text: world.prompts.exit,
      waitTimeoutMs: world.timeoutMs,
    });
    const ended = await reach(world, mark, "exited", ({ status }) => isOneOf(status, ENDED));
    if (ended.status !== "exited") throw new TimelineError(`${ended.status}: ${ended.statusReason}`);
    return passed(`${path(world, mark)}; ${ended.statusReason}`);
  },

  async resume(world) {
    if (!world.harness.capabilities.resume) return unsupported("it cannot continue a conversation");
    const { sessions } = world.client;
    const before = await sessions.kill({ sessionId: world.sessionId });
    const mark = world.timeline.mark();
    const prompt = world.prompts.say;
    const { mode } = await sessions.restore({ sessionId: world.sessionId, prompt, environment: world.env });
    if (mode !== "resume") throw new TimelineError(`came back by "${mode ?? "?"}", not by resume`);
    const after = await reach(world, mark, "idle after the restore", idleAfterWork());
    if (after.nativeSessionId !== before.nativeSessionId)
      throw new TimelineError(`conversation "${before.nativeSessionId}" became "${after.nativeSessionId}"`);
    return passed(`${path(world, mark)}; conversation ${after.nativeSessionId}`);
  },

  async kill(world) {
    const session = await world.client.sessions.get(world.sessionId);
    if (isOneOf(session.status, ENDED) && session.status !== "terminated")
      return skipped("it had ended already");
    const { status, statusReason } = await world.client.sessions.kill({ sessionId: world.sessionId });
    if (status !== "terminated") throw new TimelineError(`${status}: ${statusReason}`);
    return passed(`${statusReason}; no process is left`);
  },
};

function isOneOf(status: Status | undefined, statuses: readonly Status[]): boolean {
  return status !== undefined && statuses.includes(status);
}

/** Idle, once the turn has been seen to run. */
function idleAfterWork(): (session: SessionInfo) => boolean {
  let worked = false;
  return ({ status }) => {
    if (status === "working") worked = true;
    return worked && status === "idle";
  };
}

/** Waits for a state after `mark`; an end that was not asked for, or a gate, fails at once with what is known of it. */
function reach(
  { timeline, timeoutMs }: StepWorld,
  mark: number,
  what: string,
  matches: (session: SessionInfo) => boolean,
): Promise<SessionInfo> {
  return timeline.waitFor({
    mark,
    what,
    timeoutMs,
    matches(session) {
      if (matches(session)) return true;
      if (isOneOf(session.status, ENDED))
        throw new TimelineError(`not ${what}: ${session.status}, ${session.statusReason}`);
      return false;
    },
  });
}

async function send({ client, sessionId, prompts, timeoutMs }: StepWorld, step: PromptStep): Promise<void> {
  const { stage, detail } = await client.sessions.send({
    sessionId,
    text: prompts[step],
    waitTimeoutMs: timeoutMs,
  });
  if (stage === "queued" || stage === "typed")
    throw new TimelineError(`the prompt was ${stage}, not submitted: ${detail}`);
}

/** One turn from prompt to idle; returns the mark it began at. */
async function turn(world: StepWorld, step: PromptStep, options = { approves: false }): Promise<number> {
  const mark = world.timeline.mark();
  await send(world, step);
  const done = idleAfterWork();
  const asks = (session: SessionInfo) => options.approves && session.status === "needs_input";
  const reached = await reach(
    world,
    mark,
    "idle after its turn",
    (session) => done(session) || asks(session),
  );
  if (reached.status === "needs_input") {
    await world.client.sessions.answer({ sessionId: world.sessionId, answer: "approve" });
    await reach(world, mark, "idle after its turn", idleAfterWork());
  }
  return mark;
}

/** A turn up to its permission dialog; returns the mark it began at. */
async function ask(world: StepWorld, step: "permission" | "deny"): Promise<number> {
  const mark = world.timeline.mark();
  await send(world, step);
  const asking = await reach(world, mark, "needs_input", ({ status }) => isOneOf(status, ["needs_input"]));
  const kind = asking.activity.waitingOn?.kind;
  if (kind !== "permission") throw new TimelineError(`waits for ${kind ?? "nothing"}, not for a permission`);
  return mark;
}

/** The command of a prompt that names the file has run, or has not. */
async function expectFile(
  { client, sessionId, prompts }: StepWorld,
  step: PromptStep,
  { name, made }: { name: string; made: boolean },
): Promise<void> {
  if (!prompts[step].includes(name)) return;
  const { workspace } = await client.sessions.get(sessionId);
  if (existsSync(join(workspace.path, name)) !== made)
    throw new TimelineError(made ? `"${name}" was not made` : `"${name}" was made all the same`);
}

function signalsOf({ client, sessionId }: StepWorld): Promise<Explanation["signals"]> {
  return listAllSignals(client, sessionId);
}

function path({ timeline }: StepWorld, mark: number): string {
  return timeline.since(mark).join(" → ");
}
