import * as assert from "uvu/assert";
import type { Status } from "../../src/core/session.ts";
import type { SessionInfo } from "../../src/wire/session-info.ts";
import type { Agent } from "./agent.ts";
import { type AgentSession, PATIENCE_MS } from "./agent-session.ts";
import type { AgentScenario } from "./scenarios.ts";
import { type AgentWorld, createAgentWorld } from "./world.ts";

/** The promise for deaths, counted from the kill. */
const PROMISE_MS = 3000;
/** What the model is told after a restore: the prompt before it, and the one that came with it. */
const ALL_WORDS = ["remember this", "SAY again"];
/** Characters of a request that tell what its conversation came to. */
const LAST_WORDS = 2000;
/** Where in its life an agent is when it dies. */
interface Moment {
  name: string;
  only?: (agent: Agent) => boolean;
  /** Agents whose model is not told of what went before, once they died there. */
  forgets?: (agent: Agent) => boolean;
  /** Takes an idle session there. */
  enter(world: AgentWorld, session: AgentSession): Promise<void>;
}

const MOMENTS: readonly Moment[] = [
  { name: "at a permission dialog", enter: enterDialog },
  {
    name: "while a question is open",
    only: ({ asksQuestions }) => asksQuestions,
    async enter(world, session) {
      await tell(world, session, "ASK Which way?");
      await session.goesThrough(["working", "needs_input"]);
      await session.shows(/Which way\?/);
    },
  },
  {
    name: "while its subagent asks",
    only: ({ subagents }) => subagents !== undefined,
    async enter(world, session) {
      await tell(world, session, `TASK SLOW 1,,${world.agent.ask("node -e 1")}`);
      await session.goesThrough(world.agent.subagents?.asking ?? []);
    },
  },
  {
    name: "in compaction",
    only: ({ screen }) => screen.compacting !== undefined,
    forgets: ({ forgetsCompacted = false }) => forgetsCompacted,
    async enter(world, session) {
      world.model.hold(true);
      await session.type("/compact");
      await session.becomes("working");
      await session.shows(world.agent.screen.compacting ?? /compact/);
    },
  },
];

/** Deaths at the worst moments: each is told at once, and what comes back is the same conversation. */
export const DEATH_SCENARIOS: readonly AgentScenario[] = [
  ...MOMENTS.map(
    ({ name, only, forgets, enter }): AgentScenario => ({
      name: `is killed ${name}, by SIGKILL and by ao, and restored into the same conversation each time`,
      ...(only && { only }),
      async run(world) {
        const session = await world.spawn("SAY remember this");
        await session.goesThrough(["working", "idle"]);
        const before = await session.get();
        const again = forgets?.(world.agent) ? ["SAY again"] : ALL_WORDS;

        await whileHeld(world, async () => {
          await enter(world, session);
          await session.killAgent();
          const failed = await session.becomes("failed", PROMISE_MS);
          assert.is(failed.process.exit?.signal, "SIGKILL");
        });
        await restored(world, session, { before, words: again });

        await whileHeld(world, async () => {
          await enter(world, session);
          await world.daemon.client.sessions.kill({ sessionId: session.id });
          await session.becomes("terminated", PROMISE_MS);
        });
        await restored(world, session, { before, words: again });
        await session.finish();
      },
    }),
  ),
  {
    name: "is killed together with ao's daemon at a permission dialog",
    async run({ agent }) {
      // A world of its own: the others' watch should not lose its daemon.
      const world = await createAgentWorld(agent);
      try {
        const session = await world.spawn("SAY remember this");
        await session.goesThrough(["working", "idle"]);
        await enterDialog(world, session);
        const before = await session.get();
        await world.daemon.kill();
        process.kill(before.process.pid ?? 0, "SIGKILL");
        await world.daemon.start();

        const { sessions } = world.daemon.client;
        const sessionId = session.id;
        const until = (...statuses: Status[]) =>
          sessions.wait({ sessionId, statuses, timeoutMs: PATIENCE_MS });
        const failed = await until("failed", "lost", "exited", "terminated");
        assert.is(failed.status, "failed");
        assert.is(failed.process.exit?.signal, "SIGKILL");
        const prompt = "SLOW 2;;SAY again";
        const told = world.model.requests.length;
        await sessions.restore({ sessionId, prompt, environment: { ...world.environment } });
        await until("working");
        const after = await until("idle");
        sameConversation(world, { before, after, told, words: ALL_WORDS });
        await sessions.kill({ sessionId });
      } finally {
        await world.close();
      }
    },
  },
];

/** A model that holds its answers does so until the agent is dead, and not for the scenarios behind a failed one. */
async function whileHeld({ model }: AgentWorld, dies: () => Promise<void>): Promise<void> {
  try {
    await dies();
  } finally {
    model.hold(false);
  }
}

async function enterDialog(world: AgentWorld, session: AgentSession): Promise<void> {
  await tell(world, session, world.agent.ask("node -e 1"));
  await session.goesThrough(["working", "needs_input"]);
  await session.shows(world.agent.screen.dialog);
}

async function tell({ daemon }: AgentWorld, { id }: AgentSession, text: string): Promise<void> {
  const { stage } = await daemon.client.sessions.send({ sessionId: id, text });
  assert.is(stage, "acknowledged");
}

/** Comes back with a prompt, and the model is told what went before. */
async function restored(
  world: AgentWorld,
  session: AgentSession,
  expected: { before: SessionInfo; words: readonly string[] },
): Promise<void> {
  const told = world.model.requests.length;
  await session.restore("SLOW 2;;SAY again");
  const after = await session.goesThrough(["starting", "working", "idle"]);
  sameConversation(world, { ...expected, after, told });
}

/** The same conversation: what its model was told since it came back, `told` requests ago, holds what went before. */
function sameConversation(
  { model }: AgentWorld,
  {
    before,
    after,
    told,
    words,
  }: { before: SessionInfo; after: SessionInfo; told: number; words: readonly string[] },
): void {
  assert.is(after.nativeSessionId, before.nativeSessionId);
  // One whose compaction was cut off may finish that first, and go on with the summary alone.
  const since = model.requests.slice(told).join("\n");
  for (const text of words)
    assert.ok(since.includes(text), `the model was told "${text}", not only …${since.slice(-LAST_WORDS)}`);
}
