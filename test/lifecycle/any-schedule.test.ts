import fc from "fast-check";
import * as assert from "uvu/assert";
import { PROCESS_EVENTS } from "../../src/core/launch-manifest.ts";
import type { Status } from "../../src/core/session.ts";
import type { Signal, SignalFields } from "../../src/core/signal.ts";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { suite } from "../support/suite.ts";

/** What an agent does in the end: lives on, ends with its launcher's record, or ends with nobody left to tell. */
type End = { kind: "lives" } | { kind: "exits"; code: number } | { kind: "killed" } | { kind: "vanishes" };

/** One event of the agent's life, as its hook tells it. */
interface Told {
  event: string;
  fields: SignalFields;
}

/** What becomes of the signals, and what the host shows meanwhile. */
interface Schedule {
  /** Each step delivers a signal, if there is one left, or makes something happen. */
  steps: readonly Step[];
  /** Places, from 0 to 1, at which hooks stand that are dropped; never the last one. */
  dropped: readonly boolean[];
  exitDropped: boolean;
  /** Where in the steps the agent ends. */
  endAt: number;
}

type Step =
  | { kind: "deliver"; pick: number; again: boolean }
  | { kind: "sweep"; afterMs: number }
  | { kind: "blind" | "black" | "clear" }
  | { kind: "restart" };

const TURN_ENDS: readonly { last: Told; status: Status }[] = [
  { last: { event: "prompt", fields: { prompt: "more" } }, status: "working" },
  { last: { event: "turn-end", fields: { message: "done" } }, status: "idle" },
  { last: { event: "interrupted", fields: {} }, status: "idle" },
  {
    last: { event: "permission-request", fields: { toolName: "Bash", toolUseId: "last", requestId: "last" } },
    status: "needs_input",
  },
];

const stories = fc
  .record({
    turns: fc.array(fc.constantFrom("tools", "asked", "open"), { maxLength: 3 }),
    end: fc.constantFrom(...TURN_ENDS),
  })
  .map(({ turns, end }) => ({
    told: [
      { event: "session-start", fields: { nativeSessionId: "n1", source: "startup" } },
      ...turns.flatMap(turnOf),
      ...(end.last.event === "prompt" ? [] : [{ event: "prompt", fields: { prompt: "go" } }]),
      end.last,
    ] satisfies Told[],
    status: end.status,
  }));

function turnOf(kind: "tools" | "asked" | "open", index: number): Told[] {
  const [toolUseId, requestId] = [`t${index}`, `r${index}`];
  const tool = { toolName: "Bash", toolUseId };
  const asks: Told[] = [
    { event: "prompt", fields: { prompt: `turn ${index}` } },
    { event: "tool-start", fields: tool },
    { event: "permission-request", fields: { ...tool, requestId } },
  ];
  switch (kind) {
    case "tools":
      return [
        { event: "prompt", fields: { prompt: `turn ${index}` } },
        { event: "tool-start", fields: tool },
        { event: "tool-end", fields: tool },
        { event: "turn-end", fields: {} },
      ];
    case "asked":
      return [
        ...asks,
        { event: "permission-reply", fields: { requestId, reason: "approve" } },
        { event: "tool-end", fields: tool },
        { event: "turn-end", fields: {} },
      ];
    case "open":
      // The dialog is left open by an interrupt.
      return [...asks, { event: "interrupted", fields: {} }];
  }
}

const ends: fc.Arbitrary<End> = fc.oneof(
  fc.constant<End>({ kind: "lives" }),
  fc.constantFrom(0, 1, 3).map((code): End => ({ kind: "exits", code })),
  fc.constant<End>({ kind: "killed" }),
  fc.constant<End>({ kind: "vanishes" }),
);

const schedules: fc.Arbitrary<Schedule> = fc.record({
  steps: fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant("deliver" as const),
          pick: fc.nat(40),
          again: fc.boolean(),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant("sweep" as const),
          afterMs: fc.constantFrom(0, 10, 999, 1000, 5000),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("blind", "black", "clear") }) },
      { weight: 1, arbitrary: fc.constant({ kind: "restart" } as const) },
    ),
    { maxLength: 30 },
  ) as fc.Arbitrary<Step[]>,
  dropped: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  exitDropped: fc.boolean(),
  endAt: fc.nat(30),
});

suite("any schedule of signals", ({ test, before, after }) => {
  let world: InProcess;
  before(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  });
  after(() => world.close());

  for (const drops of [false, true]) {
    test(
      `${drops ? "dropped, " : ""}delayed, duplicated, reordered: after one sweep and its confirmation the status is right`,
      async () => {
        await fc.assert(
          fc.asyncProperty(stories, ends, schedules, async (story, end, schedule) => {
            const played = await play(
              story.told,
              end,
              drops ? schedule : { ...schedule, exitDropped: false, dropped: [] },
            );
            assert.is(
              played.status,
              expected(story.status, end, drops && schedule.exitDropped),
              played.reason,
            );
          }),
          { numRuns: 50 },
        );
      },
      { timeoutMs: 120_000 },
    );
  }

  /** Lives one session's life under a schedule; returns what is said of it in the end. */
  async function play(told: readonly Told[], end: End, schedule: Schedule) {
    const view: SessionView = await world.sessions.spawn(spawnRequest({ prompt: "go" }));
    const agent = playAgent(world, view);
    const { launchId } = view.session.facts;
    const { host } = world;
    const truth = { process: { identity: agent.identity, sessionId: view.session.id }, ended: false };
    /** What the host shows: its truth, nothing at all, or a lie that everything is gone. */
    const show = (sight: "truth" | "nothing" | "gone") => {
      host.blind = sight === "nothing";
      const alive = !truth.ended && sight !== "gone";
      if (alive) host.alive.set(agent.pid, truth.process);
      else host.alive.delete(agent.pid);
      if (alive) host.panes.set(launchId, "alive");
      else host.panes.delete(launchId);
    };
    const waiting = happen(agent, told, schedule);
    const finish = () => {
      if (truth.ended || end.kind === "lives") return;
      truth.ended = true;
      show("truth");
      const exit = exitOf(end);
      if (exit && !schedule.exitDropped)
        waiting.push(stamped(agent.signal("process", PROCESS_EVENTS.exited, exit)));
    };
    const deliver = async (pick: number, again: boolean) => {
      const index = pick % Math.max(1, waiting.length);
      const signal = waiting[index];
      if (!signal) return;
      if (!again) waiting.splice(index, 1);
      await world.activity.report([signal]);
    };

    show("truth");
    for (const [index, step] of schedule.steps.entries()) {
      if (index === schedule.endAt) finish();
      await take(step);
    }
    finish();
    while (waiting.length > 0) await deliver(waiting.length * 7, false);
    show("truth");
    await world.reaper.sweep();
    world.clock.advance(1000);
    await world.reaper.sweep();
    const seen = await world.sessions.get(view.session.id);
    // Sessions that live on would be looked at in every later run.
    truth.ended = true;
    show("truth");
    await world.activity.report([stamped(agent.signal("process", PROCESS_EVENTS.exited, { exitCode: 0 }))]);
    const { signals } = await world.activity.explain(view.session.id);
    const log = signals.map(
      ({ signal, outcome }) => `${signal.event} ${signal.observedTime % 1e6} ${outcome}`,
    );
    return { status: seen.status, reason: `${seen.statusReason}\n${log.join("\n")}` };

    async function take(step: Step): Promise<void> {
      switch (step.kind) {
        case "deliver":
          return deliver(step.pick, step.again);
        case "sweep":
          world.clock.advance(step.afterMs);
          return world.reaper.sweep();
        case "blind":
          return show("nothing");
        case "black":
          return show("gone");
        case "clear":
          return show("truth");
        case "restart":
          world = await world.restart();
          return world.reaper.reapOldBoots();
      }
    }
  }

  /** The signals of a life in the order they came about; what is dropped is not among them. */
  function happen(
    agent: ReturnType<typeof playAgent>,
    told: readonly Told[],
    { dropped }: Schedule,
  ): Signal[] {
    const started = agent.signal("process", PROCESS_EVENTS.started, {
      pid: agent.pid,
      pidStartTicks: agent.identity.startTicks,
    });
    const hooks = told.map(({ event, fields }) => stamped(agent.signal("hook", event, fields)));
    return [stamped(started), ...hooks.filter((_, index) => index === hooks.length - 1 || !dropped[index])];
  }

  function stamped(signal: Signal): Signal {
    world.clock.advance(7);
    return { ...signal, observedTime: world.clock.now() };
  }
});

function exitOf(end: End): SignalFields | undefined {
  switch (end.kind) {
    case "exits":
      return { exitCode: end.code };
    case "killed":
      return { exitSignal: "SIGKILL" };
    case "lives":
    case "vanishes":
      return undefined;
  }
}

function expected(alive: Status, end: End, exitDropped: boolean): Status {
  switch (end.kind) {
    case "lives":
      return alive;
    case "vanishes":
      return "lost";
    case "exits":
      if (exitDropped) return "lost";
      return end.code === 0 ? "exited" : "failed";
    case "killed":
      return exitDropped ? "lost" : "failed";
  }
}
