import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../../src/core/session.ts";
import { readLockHolder } from "../../../src/util/lock-holder.ts";
import { ownProcess } from "../../agents/agent.ts";
import type { AgentSession } from "../../agents/agent-session.ts";
import type { AgentWorld } from "../../agents/world.ts";
import { eventually } from "../../support/eventually.ts";
import type { TraceLine, TrueState } from "../../support/trace-file.ts";
import { screenLines } from "../screen-lines.ts";
import { labelsOf, withStartUp } from "./label.ts";
import { type Observer, startObserver } from "./observer.ts";
import { update } from "./own-program.ts";
import type { Script, Stage } from "./script.ts";
import { openTap } from "./tap.ts";
import { personAt } from "./terminal.ts";

/** An agent's first start takes most of a minute on a busy machine. */
const PATIENCE_MS = 120_000;
/** A person reads what a denial is asked back with. */
const ASKED_BACK_MS = 700;
/** A person who has pressed a key waits so long for something to happen. */
const NOTICED_MS = 4_000;
/** An agent that asks for a command has asked by then. */
const ASKED_MS = 8_000;
/** A typed command that was taken has ended an agent by then. */
const ENTER_MS = 10_000;
/** A state that shows for so long is the state, not a screen that is being drawn. */
const STEADY_MS = 500;

/** Plays one script with one session and returns its recording and its labels. */
export async function recordSession(given: {
  world: AgentWorld;
  script: Script;
  name: string;
  version: string;
}): Promise<{ lines: TraceLine[]; truth: object }> {
  const { world, script, name, version } = given;
  const { daemon, agent } = world;
  const { passingError = 529 } = agent;
  const root = daemon.env.HOME ?? "";
  const prompt =
    typeof script.prompt === "string" ? script.prompt : script.prompt({ ask: agent.ask, passingError });
  const before = script.resumed ? await livedBefore(world, script) : undefined;
  // A shim that stands still deletes nothing; it takes everything up once the script is over.
  const shim = await eventually(() => readLockHolder(daemon.paths.shimLockPath), { what: "the shim" });
  process.kill(shim, "SIGSTOP");
  const tap = openTap({ spoolDir: daemon.paths.spoolDir, home: root, keepDir: join(root, "kept") });
  const notes: TraceLine[] = [];
  const note = (text: string) =>
    void notes.push({ event: "_bench", ts_ns: Date.now() * 1e6, payload: { note: text } });
  const startMs = Date.now();
  const { ready } = agent.screen;
  const atLaunch = ready ? "" : prompt;
  if (before) await before.restore(atLaunch);
  const session = before ?? (await world.spawn(atLaunch));
  const { attachCommand, launchId } = await session.get();
  const pid = await eventually(() => tap.agentPid(launchId), {
    timeoutMs: PATIENCE_MS,
    what: "the launcher's record of the agent",
  });
  const socket = attachCommand[attachCommand.indexOf("-S") + 1] ?? "";
  const terminal = personAt(socket);
  const observer = startObserver({ agent, socket, pid, startMs, root });
  // Gemini now and then takes an Enter for a part of the text: a person who sees nothing happen presses it again.
  const taken = async () => {
    const from = Date.now() - startMs;
    const isTaken = () => observer.looks().some(({ at_ms, state }) => at_ms > from && state !== "idle");
    const seen = await eventually(isTaken, { timeoutMs: NOTICED_MS, everyMs: 30 }).catch(() => false);
    if (!seen) await stage.press("Enter");
  };
  const stage: Stage = {
    asks: !agent.cannot?.includes("permission"),
    ask: agent.ask,
    passingError,
    async type(line) {
      note(`type ${line}`);
      await session.type(line);
      if (!line.startsWith("/")) await taken();
    },
    async paste(line) {
      note(`paste ${line}`);
      await terminal.paste(line);
      await taken();
    },
    async press(...keys) {
      note(keys.join(" "));
      await session.press(keys);
    },
    async resize(columns, rows) {
      note(`resize ${columns}x${rows}`);
      await terminal.resize(columns, rows);
    },
    until: (state) => untilShown(observer, state),
    asked: (pattern) =>
      eventually(() => world.model.requests.map((body) => pattern.exec(body)?.[0]).find(Boolean), {
        what: `${pattern} in a request to the model`,
      }),
    stay: async (ms) => void (await sleep(ms)),
    kill(signal) {
      note(signal);
      process.kill(ownProcess(agent, pid), signal);
    },
    async approveIfAsked() {
      const isWorking = () => ["blocked", "active"].includes(observer.state());
      await eventually(isWorking, { timeoutMs: PATIENCE_MS, everyMs: 30, what: "a turn" });
      const isAsked = () => observer.state() === "blocked";
      const asked = await eventually(isAsked, { timeoutMs: ASKED_MS, everyMs: 30 }).catch(() => false);
      await sleep(STEADY_MS);
      if (asked) await stage.approve();
    },
    update() {
      note("update");
      update(root);
    },
    approve: () => stage.press(...agent.keys.approve),
    async deny() {
      for (const key of agent.keys.deny ?? ["Escape"]) {
        await stage.press(key);
        await sleep(ASKED_BACK_MS);
      }
    },
    leave: () => stage.press(...(agent.keys.leave ?? ["Escape"])),
    async stop() {
      const [first = "", ...others] = agent.keys.stop;
      await stage.press(first);
      if (others.length > 0) await session.shows(/again to interrupt/);
      if (others.length > 0) await stage.press(...others);
      await sleep(NOTICED_MS);
      // Cline takes no notice of its first Esc: a person presses again.
      if (observer.state() === "active") await stage.press(first, ...others);
    },
    clear: () => stage.type(agent.clear ?? "/clear"),
    compact: () => stage.type(agent.compact ?? "/compact"),
    async quit() {
      await stage.type(agent.quit);
      // Gemini's list of commands may take the Enter, also behind a space: a person presses it again.
      const isGone = () => observer.state() === "exited";
      const isTaken = () => eventually(isGone, { timeoutMs: ENTER_MS, everyMs: 30 }).catch(() => false);
      if (!(await isTaken())) await stage.press("Enter");
      // Opencode has none of what is typed as its turn goes on: a person types it again.
      if (!(await isTaken())) await stage.type(agent.quit);
      await untilShown(observer, "exited");
    },
  };
  try {
    if (ready) {
      await eventually(() => ready.test(observer.view()), { timeoutMs: PATIENCE_MS, what: "the composer" });
      await stage.type(prompt);
    }
    await script.play(stage);
  } finally {
    await observer.close(1500);
    tap.close();
    process.kill(shim, "SIGCONT");
  }
  const kept = tap.hookIds(launchId);
  await eventually(() => isLogged(world, { sessionId: session.id, launchId, kept }), {
    timeoutMs: PATIENCE_MS,
    what: "every kept signal in ao's log, and no other",
  });
  const launch = {
    event: "_launch",
    ts_ns: startMs * 1e6,
    payload: { prompt_pending: prompt !== "", headless: false, home: "/bench" },
  };
  const screens = screenLines(observer.screens());
  const told = [launch, ...tap.lines({ launchId, root }), ...notes, ...screens];
  const lines = told.sort((a, b) => a.ts_ns - b.ts_ns);
  const intervals = withStartUp(
    labelsOf([{ at_ms: 0, state: "not_started" }, ...observer.looks()]),
    observer.turnMs(),
  );
  const end = observer.looks().find(({ state }) => state === "exited");
  const truth = {
    agent: name,
    version,
    scenario: `interactive-ao-${script.name}`,
    t0_ns: startMs * 1e6,
    intervals,
    exit: end ? { at_ms: end.at_ms, how: howItEnded(notes) } : null,
    labelled: "by what its terminal showed, looked at at least every 50 ms",
  };
  return { lines, truth };
}

/** A session whose first launch has had one turn and has ended: by its person's word, or by SIGKILL in the next turn. */
async function livedBefore(world: AgentWorld, { endedBefore }: Script): Promise<AgentSession> {
  const session = await world.spawn("SAY before");
  const is = (...statuses: Status[]) =>
    eventually(async () => statuses.includes((await session.get()).status ?? "unverified"), {
      timeoutMs: PATIENCE_MS,
      what: `the first launch ${statuses.join(" or ")}`,
    });
  const isTold = async () => {
    const { title, nativeSessionId } = await session.get();
    return (world.agent.untold?.includes("prompt") ? nativeSessionId : title) !== "";
  };
  await eventually(async () => world.model.requests.length > 0 && (await isTold()), {
    timeoutMs: PATIENCE_MS,
    what: "the first turn",
  });
  await is("idle");
  if (endedBefore === "killed_at_work") {
    await session.type("SLOW 60");
    await is("working");
    await session.killAgent();
    await is("failed", "lost");
    return session;
  }
  await session.type(world.agent.quit);
  // A list of commands may take the Enter: a person presses it again.
  const isGone = async () => (await session.get()).status === "exited";
  const taken = await eventually(isGone, { timeoutMs: ENTER_MS }).catch(() => false);
  if (!taken) await session.press(["Enter"]);
  await is("exited");
  return session;
}

function howItEnded(notes: readonly TraceLine[]): string {
  const last = String(notes.at(-1)?.payload.note);
  return last.startsWith("SIG") ? last : "clean";
}

async function untilShown(observer: Observer, state: TrueState): Promise<void> {
  const isSteady = () => {
    const looks = observer.looks();
    const last = looks.at(-1);
    if (last?.state !== state) return false;
    const since = looks.findLastIndex((look) => look.state !== state) + 1;
    return state === "exited" || last.at_ms - (looks[since]?.at_ms ?? last.at_ms) >= STEADY_MS;
  };
  try {
    await eventually(isSteady, { timeoutMs: PATIENCE_MS, everyMs: 30, what: `"${state}" on screen` });
  } catch (cause) {
    throw new Error(`never "${state}", but\n${observer.view()}`, { cause });
  }
}

/** What was kept is what the shim took up afterwards. */
async function isLogged(
  { daemon }: AgentWorld,
  { sessionId, launchId, kept }: { sessionId: string; launchId: string; kept: ReadonlySet<string> },
): Promise<boolean> {
  const { signals } = await daemon.client.activity.list({ sessionId, launchId, pageSize: 500 });
  const spooled = signals.filter(({ signal }) => signal.kind === "hook" || signal.kind === "process");
  return spooled.length === kept.size && spooled.every(({ signal }) => kept.has(signal.id));
}
