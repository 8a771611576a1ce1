import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { AoClient } from "../../src/client/client.ts";
import type { SignalRow } from "../../src/core/ports/store.ts";
import type { Status } from "../../src/core/session.ts";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import type { SessionInfo } from "../../src/wire/session-info.ts";
import { eventually } from "../support/eventually.ts";
import { type Agent, ownProcess } from "./agent.ts";
import type { Timeline } from "./timeline.ts";

/** A session under test: what it became is checked against what it had to become, status by status. */
export interface AgentSession {
  id: string;
  /** Waits for the next status, and fails when another came first. */
  becomes(status: Status, withinMs?: number): Promise<SessionInfo>;
  /** Waits for several, one after the other; `withinMs` is for all of them. */
  goesThrough(statuses: readonly Status[], withinMs?: number): Promise<SessionInfo>;
  /** Presses keys in its terminal as a person does: one after the other, and ao is not asked. */
  press(keys: readonly string[]): Promise<void>;
  /** Types a line as a person does. */
  type(line: string): Promise<void>;
  /** Types the command that ends it; agents may call that a turn for a moment. */
  quit(command: string): Promise<SessionInfo>;
  /** Waits until the terminal shows something, or shows it no more. */
  shows(pattern: RegExp): Promise<void>;
  hides(pattern: RegExp): Promise<void>;
  get(): Promise<SessionInfo>;
  /** Starts it again in the same environment. */
  restore(prompt: string): Promise<SessionInfo>;
  /** Ends it with SIGKILL, the agent's own process alone. */
  killAgent(): Promise<void>;
  /** Absolute path below the worktree. */
  path(name: string): Promise<string>;
  /** Ends it where it still runs, and checks what must hold of every session. */
  finish(): Promise<void>;
}

/** Long enough for an agent on a busy machine to start and to answer. */
export const PATIENCE_MS = 180_000;
/** A busy agent shows the commands that begin so as late as this. */
const LISTED_MS = 1500;
/** Between two keys of a person. */
const KEY_PAUSE_MS = 150;
const ENDED: ReadonlySet<string> = new Set<Status>(["failed", "exited", "terminated"]);

/** Follows a session that was just spawned. */
export function watchedSession(given: {
  agent: Agent;
  client: AoClient;
  timeline: Timeline;
  id: string;
  environment: Record<string, string>;
}): AgentSession {
  const { agent, client, timeline, id, environment } = given;
  const { sessions } = client;
  const processes = createProcessTable({ scope: { AO_HOME: environment.AO_HOME ?? "" } });
  const expected: Status[] = ["starting"];
  const get = () => sessions.get(id);
  const screen = () => sessions.terminal({ sessionId: id, lines: 60 });

  const becomes = (status: Status, withinMs?: number) => goesThrough([status], withinMs);
  const goesThrough = async (statuses: readonly Status[], withinMs = PATIENCE_MS) => {
    expected.push(...statuses);
    try {
      return await timeline.follow(id, expected, withinMs);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await evidence()}`, { cause: error });
    }
  };
  const press = async (keys: readonly string[]) => {
    const { attachCommand } = await get();
    const socket = attachCommand[attachCommand.indexOf("-S") + 1] ?? "";
    for (const [index, key] of keys.entries()) {
      if (index > 0) await sleep(KEY_PAUSE_MS);
      execFileSync("tmux", ["-S", socket, "send-keys", key]);
    }
  };
  const type = async (line: string) => {
    // tmux would take a lone semicolon for the end of its command.
    const keyOf: Readonly<Record<string, string>> = { " ": "Space", ";": "\\;" };
    await press([...line].map((letter) => keyOf[letter] ?? letter));
    // A list of commands follows what is typed, and takes the Enter for the one it stands at.
    if (line.startsWith("/")) await sleep(LISTED_MS);
    await press(["Enter"]);
  };
  const screenBecomes = async (what: string, check: (text: string) => boolean) => {
    await eventually(async () => check(await screen()), { timeoutMs: PATIENCE_MS, everyMs: 100, what });
  };
  const evidence = async () => {
    const { signals } = await client.activity.list({ sessionId: id });
    const told = signals.map(tellSignal).reverse();
    const shown = await screen().catch((error: unknown) => String(error));
    return [...told, "last screen:", shown.replace(/\n\s*\n/g, "\n")].join("\n");
  };

  return {
    id,
    becomes,
    goesThrough,
    press,
    type,
    async quit(command) {
      await type(command);
      const ended = await sessions.wait({ sessionId: id, statuses: ["exited"], timeoutMs: PATIENCE_MS });
      await eventually(() => timeline.of(id).at(-1) === "exited", { what: "the watch's word of the end" });
      const last = timeline.of(id).slice(expected.length);
      assert.match(last.join(" "), /^(working )?exited$/);
      expected.push(...last);
      return ended;
    },
    shows: (pattern) => screenBecomes(`${pattern} on screen`, (text) => pattern.test(text)),
    hides: (pattern) => screenBecomes(`${pattern} gone from the screen`, (text) => !pattern.test(text)),
    get,
    restore: async (prompt) => (await sessions.restore({ sessionId: id, prompt, environment })).session,
    async killAgent() {
      const { pid } = (await get()).process;
      assert.ok(pid, `${id} has no pid`);
      process.kill(ownProcess(agent, pid), "SIGKILL");
    },
    path: async (name) => join((await get()).workspace.path, name),
    async finish() {
      const { workspace } = await get();
      assert.is(changesIn(workspace.path), "", "something was written into the worktree");
      await sessions.kill({ sessionId: id });
      if (!ENDED.has(expected.at(-1) ?? "")) await becomes("terminated");
      else assert.equal(timeline.of(id), expected);
      assert.equal(await processes.findByTag({ sessionId: id }), [], "processes are left");
      await sessions.remove(id);
    },
  };
}

/** One line of a session's history. */
function tellSignal({ signal, outcome, rule, reason }: SignalRow): string {
  const time = new Date(signal.observedTime).toISOString().slice(17, 23);
  return `${time} ${signal.kind} ${signal.event} ${JSON.stringify(signal.fields)}: ${outcome}, ${rule} ${reason}`;
}

/** What git says has changed in a work tree. */
export function changesIn(path: string): string {
  return execFileSync("git", ["-C", path, "status", "--porcelain"], { encoding: "utf8" });
}
