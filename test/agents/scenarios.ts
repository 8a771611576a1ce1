import { existsSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { type AgentSession, PATIENCE_MS } from "./agent-session.ts";
import type { AgentWorld } from "./world.ts";

/**
 * Ways of a real agent's session, written once for all agents. Run with `npm run test:agents`, one agent with
 * `npm run test:agents -- codex`; AO_TEST_AGENTS_DIR lists installations of the agents to use.
 *
 * The agents come from npm, their model is scripted (`mock/script.ts`) and on loopback: no account, no network.
 * Every status on the way is checked: one more than expected, however short, fails the test.
 */
export interface AgentScenario {
  name: string;
  /** Left out for agents that cannot do it. */
  only?: (world: AgentWorld["agent"]) => boolean;
  run(world: AgentWorld): Promise<void>;
}

/**
 * The promise: ao knows this soon. It counts from what the agent itself shows, because on a busy machine an agent may
 * take longer than that to notice a key.
 */
const PROMISE_MS = 3000;

/** A person reads a dialog before answering it; one that nobody could have read may be gone before ao saw it. */
const READING_MS = 700;

export const AGENT_SCENARIOS: readonly AgentScenario[] = [
  {
    name: "asks, is approved in its terminal, works, is idle, takes a message, is quit",
    async run(world) {
      const session = await asking(world);
      await session.press(world.agent.keys.approve);
      await session.hides(world.agent.screen.dialog);
      await session.becomes("working", PROMISE_MS);
      await session.becomes("idle");
      await wasRun(session);
      await tell(world, session, "SLOW 2");
      await session.goesThrough(["working", "idle"]);
      const { process } = await session.quit(world.agent.quit);
      assert.is(process.exit?.code, 0);
      await session.finish();
    },
  },
  {
    name: "asks, is approved by ao, asks again, is denied by ao, is killed",
    async run(world) {
      const session = await asking(world);
      await world.daemon.client.sessions.answer({ sessionId: session.id, answer: "approve" });
      await session.hides(world.agent.screen.dialog);
      await session.becomes("working", PROMISE_MS);
      await session.becomes("idle");
      await wasRun(session);
      await tell(world, session, world.agent.ask(COMMAND));
      await session.goesThrough(["working", "needs_input"]);
      await world.daemon.client.sessions.answer({ sessionId: session.id, answer: "deny" });
      await session.hides(world.agent.screen.dialog);
      await session.hides(world.agent.screen.running);
      await session.goesThrough(world.agent.denied, PROMISE_MS);
      assert.not(existsSync(await session.path(MARK)));
      await session.finish();
    },
  },
  {
    name: "takes messages of every kind, each once, and none behind a dialog or a turn before its time",
    async run(world) {
      const { sessions } = world.daemon.client;
      const session = await world.spawn("SAY up");
      await session.goesThrough(["working", "idle"]);
      const kinds = [
        "SAY lines\n\n\tin a row\n'$HOME' `id`",
        "- SAY dash",
        "# SAY hash",
        `SAY long\n${LONG}`,
      ];
      for (const text of kinds) {
        await tell(world, session, text);
        await session.goesThrough(["working", "idle"]);
      }
      // The second one waits for the end of the first one's turn, the third one for the second one's.
      const [slow, ...behind] = ["SLOW 2 ;; SAY slow", "SAY behind", "SAY last"].map((text) =>
        sessions.send({ sessionId: session.id, text }),
      );
      assert.is((await slow)?.stage, "acknowledged");
      for (const one of behind) assert.is((await one).stage, "acknowledged");
      await session.goesThrough(["working", "idle", "working", "idle", "working", "idle"]);
      const { messages } = await sessions.listMessages({ sessionId: session.id });
      // A busy agent may lose an Enter; one too many would have begun a turn more.
      assert.equal(
        messages.map(({ stage }) => stage),
        Array(7).fill("acknowledged"),
      );
      await session.finish();
    },
  },
  {
    name: "is stopped with Esc in the middle of its answer",
    async run(world) {
      const session = await world.spawn("HANGMID so far");
      await session.becomes("working");
      await session.shows(/so far[\s\S]*so far/);
      await stopByHand(world, session);
      await session.hides(world.agent.screen.running);
      await session.becomes("idle", PROMISE_MS);
      await session.finish();
    },
  },
  {
    name: "is interrupted by ao before it answered, takes the next message",
    async run(world) {
      const session = await world.spawn("HANG");
      await session.becomes("working");
      await asked(world, "HANG");
      const { interrupted } = await world.daemon.client.sessions.interrupt(session.id);
      assert.ok(interrupted);
      await session.hides(world.agent.screen.running);
      await session.becomes("idle", PROMISE_MS);
      await tell(world, session, "SLOW 2;;SAY fine");
      await session.goesThrough(["working", "idle"]);
      // Behind the prompt that was stopped it would stand on the same line; titles are asked for on the side.
      const isAlone = (request: string) => /("|\\n)SLOW 2;;SAY fine/.test(request);
      const told = world.model.requests.filter((request) => request.includes("SAY fine"));
      assert.ok(told.some(isAlone), `the message came alone, not ${wordsAround("SAY fine", told.at(-1))}`);
      await session.finish();
    },
  },
  {
    name: "is killed with SIGKILL while it asks, restored into the same conversation",
    async run(world) {
      const session = await world.spawn("SAY remember this");
      await session.goesThrough(["working", "idle"]);
      await tell(world, session, world.agent.ask(COMMAND));
      await session.goesThrough(["working", "needs_input"]);
      const before = await session.get();
      await session.killAgent();
      const failed = await session.becomes("failed", PROMISE_MS);
      assert.is(failed.process.exit?.signal, "SIGKILL");
      await session.restore("SLOW 2;;SAY again");
      const after = await session.goesThrough(["starting", "working", "idle"]);
      assert.is(after.nativeSessionId, before.nativeSessionId);
      const last = world.model.requests.at(-1) ?? "";
      assert.ok(last.includes("remember this") && last.includes("SAY again"), "the model was told both");
      await session.finish();
    },
  },
  {
    name: "is idle after an error of its model and says why, is killed with SIGKILL in mid-turn",
    async run(world) {
      const session = await world.spawn("SLOW 1;;ERR 400");
      await session.becomes("working");
      await session.becomes("idle");
      // The second witness may see the end before the hook that says why.
      if (!world.agent.untold?.includes("failure")) await failed(session, /failed.*mock error 400/);
      await tell(world, session, "SLOW 60");
      await session.becomes("working");
      await session.killAgent();
      const { process } = await session.becomes("failed", PROMISE_MS);
      assert.is(process.exit?.signal, "SIGKILL");
      await session.finish();
    },
  },
  {
    name: "asks a question",
    only: (agent) => agent.asksQuestions,
    async run(world) {
      const session = await world.spawn("ASK Which way?");
      await session.becomes("working");
      const { activity } = await session.becomes("needs_input");
      assert.is(activity.waitingOn?.kind, "question");
      // Its transcript shows the question first, and takes no key for it.
      await session.shows(world.agent.screen.dialog);
      await sleep(READING_MS);
      await session.press(["Escape"]);
      await session.hides(world.agent.screen.dialog);
      await session.hides(world.agent.screen.running);
      await session.goesThrough(world.agent.denied, PROMISE_MS);
      await session.finish();
    },
  },
  {
    name: "a subagent asks for permission",
    only: (agent) => agent.subagents !== undefined,
    async run(world) {
      const { asking = [], approved = [] } = world.agent.subagents ?? {};
      const session = await world.spawn(`TASK SLOW 1,,${world.agent.ask(COMMAND)}`);
      await session.goesThrough(asking);
      await asksForPermission(world, session);
      await world.daemon.client.sessions.answer({ sessionId: session.id, answer: "approve" });
      await session.goesThrough(approved);
      await wasRun(session);
      await session.finish();
    },
  },
  {
    name: "a message queued in mid-turn does not end the turn",
    async run(world) {
      const session = await world.spawn("SLOW 4;;SAY first");
      await session.becomes("working");
      await asked(world, "SAY first");
      const { stage } = await world.daemon.client.sessions.send({
        sessionId: session.id,
        text: "SLOW 3;;SAY second",
        whenBusy: "queue",
      });
      assert.match(stage, /^(submitted|acknowledged)$/);
      await asked(world, "SAY second");
      await session.goesThrough(world.agent.queued ?? ["idle"]);
      await session.finish();
    },
  },
  {
    name: "two at once, of one user, are told apart",
    async run(world) {
      const first = await world.spawn("SAY one");
      await first.goesThrough(["working", "idle"]);
      const second = await world.spawn("SLOW 2;;SAY two");
      await second.goesThrough(["working", "idle"]);
      await tell(world, first, "SLOW 2;;SAY three");
      await first.goesThrough(["working", "idle"]);
      const ids = [first, second].map(async (one) => (await one.get()).nativeSessionId);
      assert.is.not(await ids[0], await ids[1]);
      await first.finish();
      await second.finish();
    },
  },
];

/** Written by the approved command after some seconds, and named in the prompt. */
const MARK = "approved.txt";
/** Takes some seconds; claude refuses a plain `sleep`. */
const COMMAND = `node -e 'setTimeout(() => require("fs").writeFileSync("${MARK}", ""), 4000)'`;

/** Some 50 kB of text. */
const LONG = "0123456789 abcdefg\n".repeat(2600);

/** A session at the dialog for COMMAND. */
async function asking(world: AgentWorld): Promise<AgentSession> {
  const session = await world.spawn(`${world.agent.ask(COMMAND)};;SAY done`);
  await session.becomes("working");
  await session.becomes("needs_input");
  await asksForPermission(world, session);
  // Its hook may come before the dialog is drawn, and takes no key until then.
  await session.shows(world.agent.screen.dialog);
  await session.shows(/approved\.txt/);
  await sleep(READING_MS);
  return session;
}

/** It says what it waits for; the second witness may show the dialog before the hook that names the tool. */
async function asksForPermission({ agent }: AgentWorld, session: AgentSession): Promise<void> {
  const { untold = [] } = agent;
  const told = async () => {
    const { waitingOn } = (await session.get()).activity;
    return waitingOn?.kind === "permission" && (untold.includes("tool") || waitingOn.tool === agent.tool);
  };
  await eventually(told, { what: `permission to use ${agent.tool} asked for` });
}

/** Sends an idle session a message, which the agent must confirm. */
async function tell({ daemon }: AgentWorld, { id }: AgentSession, text: string): Promise<void> {
  const { stage } = await daemon.client.sessions.send({ sessionId: id, text });
  assert.is(stage, "acknowledged");
}

/** Presses what stops a turn; an agent that wants a second key says so first. */
async function stopByHand({ agent }: AgentWorld, session: AgentSession): Promise<void> {
  const [first, ...others] = agent.keys.stop;
  await session.press(first ? [first] : []);
  if (others.length > 0) await session.shows(/again to interrupt/);
  await session.press(others);
}

/** The model was asked with this text in the conversation. */
async function asked({ model }: AgentWorld, text: string): Promise<void> {
  const told = () => model.requests.some((request) => request.includes(text));
  await eventually(told, { timeoutMs: PATIENCE_MS, what: `"${text}" asked` });
}

/** What stands before and behind some words of a request. */
function wordsAround(words: string, request = ""): string {
  const at = request.lastIndexOf(words);
  return request.slice(Math.max(0, at - 80), at + 80);
}

/** It says that its turn failed, and why. */
async function failed(session: AgentSession, reason: RegExp): Promise<void> {
  await eventually(async () => reason.test((await session.get()).statusReason), {
    what: "the reason of the failure",
  });
}

/** COMMAND has run; what it left is removed. */
async function wasRun(session: AgentSession): Promise<void> {
  const path = await session.path(MARK);
  await eventually(() => existsSync(path), { what: "the approved command's mark" });
  rmSync(path);
}
