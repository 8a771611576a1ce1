import { lateWord } from "./late-word.ts";
import { APPROVED_FILE, DENIED_FILE } from "./prompts.ts";
import { resume } from "./resume-step.ts";
import {
  answer,
  ask,
  expectFile,
  hasEnded,
  idleAfterWork,
  path,
  reach,
  reachIdle,
  reachReady,
  type StepWorld,
  send,
  signalsOf,
  turn,
} from "./step-world.ts";
import { TimelineError } from "./timeline.ts";

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

/** What became of a step that did not fail. */
export interface Outcome {
  verdict: Exclude<StepVerdict, "failed">;
  detail: string;
}

/** One way of an agent. */
export interface Step {
  /** From what it begins: `live` at its prompt, `any` as it is. */
  from: "live" | "any";
  /** Why it is not tried; undefined when it is. */
  leftOut?(world: StepWorld): Outcome | undefined;
  /** Says what was seen; throws TimelineError or an AoError when it is not what must be. */
  run(world: StepWorld): Promise<string>;
}

export const STEP: Readonly<Record<StepName, Step>> = {
  start: {
    from: "any",
    async run(world) {
      const session = await reachReady(world, 0);
      return `pid ${session.process.pid}; ${session.statusReason}`;
    },
  },

  prompt: {
    from: "live",
    async run(world) {
      world.toldLaunchId = world.launchId;
      if (!withoutTurns(world)) return path(world, await turn(world, "say"));
      await send(world, "say");
      return "typed and submitted; no event tells the end of its turn";
    },
  },

  tool: {
    from: "live",
    leftOut: withoutTurns,
    async run(world) {
      const before = (await signalsOf(world)).length;
      const mark = await turn(world, "tool", { approves: world.harness.capabilities.answer });
      const told = (["tool_start", "tool_end"] as const).filter((meaning) => tells(world, meaning));
      await expectMeanings(
        world,
        before,
        (came) => told.every((meaning) => came.has(meaning)),
        (came) => `no ${told.filter((meaning) => !came.has(meaning)).join(" and no ")} came`,
      );
      return `${path(world, mark)}${told.length === 0 ? "; no event tells of tools" : ""}`;
    },
  },

  permission: {
    from: "live",
    leftOut: (world) => unless(knowsDialogs(world), "nothing tells of a permission dialog"),
    async run(world) {
      const mark = await ask(world, "permission");
      if (!world.harness.capabilities.answer)
        return `${path(world, mark)}; ao cannot answer, and leaves it open`;
      await answer(world, "approve");
      await expectFile(world, "permission", { name: APPROVED_FILE, made: true });
      return path(world, mark);
    },
  },

  deny: {
    from: "live",
    leftOut: (world) =>
      unless(knowsDialogs(world) && world.harness.capabilities.answer, "ao cannot answer its dialogs"),
    async run(world) {
      const mark = await ask(world, "deny");
      await answer(world, "deny");
      await expectFile(world, "deny", { name: DENIED_FILE, made: false });
      return path(world, mark);
    },
  },

  interrupt: {
    from: "live",
    leftOut: withoutTurns,
    async run(world) {
      const mark = world.timeline.mark();
      await send(world, "interrupt");
      await reach(world, mark, "working", ({ status }) => status === "working");
      const { interrupted } = await world.client.sessions.interrupt(world.sessionId);
      if (!interrupted) throw new TimelineError("there was no turn to interrupt");
      await reachIdle(world, mark, "idle after the interrupt", idleAfterWork());
      return path(world, mark);
    },
  },

  error: {
    from: "live",
    leftOut: (world) =>
      withoutTurns(world) ??
      (world.prompts.error === ""
        ? skipped("needs a prompt that makes its model fail (`--prompt error=…`)")
        : undefined),
    async run(world) {
      const before = (await signalsOf(world)).length;
      const mark = await turn(world, "error");
      if (!tells(world, "turn_failed") && !tells(world, "turn_problem"))
        return `${path(world, mark)}; no event tells why`;
      await expectMeanings(
        world,
        before,
        (came) => came.has("turn_failed") || came.has("turn_problem"),
        () => "no event told why the turn ended",
      );
      return path(world, mark);
    },
  },

  exit: {
    from: "live",
    leftOut: ({ prompts }) =>
      prompts.exit === "" ? skipped("needs the command that ends it (`--prompt exit=/exit`)") : undefined,
    async run(world) {
      const mark = world.timeline.mark();
      // An agent that ends takes its composer with it, so that the message may count as typed only.
      await world.client.sessions.send({
        sessionId: world.sessionId,
        text: world.prompts.exit,
        waitTimeoutMs: world.timeoutMs,
      });
      const ended = await reach(world, mark, "exited", hasEnded);
      if (ended.status !== "exited") throw new TimelineError(`${ended.status}: ${ended.statusReason}`);
      return `${path(world, mark)}; ${ended.statusReason}`;
    },
  },

  resume: {
    from: "any",
    leftOut: ({ harness }) => unless(harness.capabilities.resume, "it cannot continue a conversation"),
    run: resume,
  },

  kill: {
    from: "live",
    async run(world) {
      const { status, statusReason } = await world.client.sessions.kill({ sessionId: world.sessionId });
      if (status !== "terminated") throw new TimelineError(`${status}: ${statusReason}`);
      return `${statusReason}; no process is left`;
    },
  },
};

function unless(holds: boolean, detail: string): Outcome | undefined {
  return holds ? undefined : { verdict: "unsupported", detail };
}

function skipped(detail: string): Outcome {
  return { verdict: "skipped", detail };
}

function withoutTurns({ harness }: StepWorld): Outcome | undefined {
  const { turnEndSignal, secondWitness } = harness.capabilities;
  return unless(turnEndSignal || secondWitness, "nothing tells the end of a turn");
}

/** Where no event tells of a dialog, the witness of an agent whose dialogs ao answers does. */
function knowsDialogs({ harness: { capabilities } }: StepWorld): boolean {
  return capabilities.permissionSignal || (capabilities.secondWitness && capabilities.answer);
}

function tells({ harness }: StepWorld, meaning: string): boolean {
  return harness.events.some((row) => row.meaning === meaning);
}

/** Waits until what came since `before` is enough; throws with what is missing. */
async function expectMeanings(
  world: StepWorld,
  before: number,
  isEnough: (came: ReadonlySet<string>) => boolean,
  missing: (came: ReadonlySet<string>) => string,
): Promise<void> {
  await lateWord(
    async () => new Set((await signalsOf(world)).slice(before).map(({ meaning }) => String(meaning))),
    isEnough,
    missing,
  );
}
