import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { Agent } from "../../agents/agent.ts";
import type { TrueState } from "../../support/trace-file.ts";
import type { Look } from "./label.ts";

const run = promisify(execFile);
const LOOK_MS = 60;
/** Claude's line of a turn that runs, "✽ Baking… (2s"; its "esc to interrupt" is hidden while somebody types. */
const SPINNER = /^[·✢✳✶✻✽*] \p{L}+…(?: \(|\s*$)/mu;

/** Looks at an agent's terminal and process again and again, and at nothing that ao looks at. */
export interface Observer {
  looks(): readonly Look[];
  /** The state of the last look. */
  state(): TrueState;
  /** The terminal of the last look, without empty lines at its end. */
  screen(): string;
  /** Ends after looking on for `ms`. */
  close(ms: number): Promise<void>;
}

/** Starts to look; times are ms since `startMs`. */
export function startObserver(given: {
  agent: Agent;
  /** The session's own tmux server. */
  socket: string;
  pid: number;
  startMs: number;
}): Observer {
  const { agent, socket, pid, startMs } = given;
  const looks: Look[] = [];
  const stop = new AbortController();
  let shown = "";
  const watching = watch();

  async function watch(): Promise<void> {
    while (!stop.signal.aborted) {
      const before = Date.now();
      const state = existsSync(`/proc/${pid}`) ? await screenState() : "exited";
      looks.push({ at_ms: Math.round((before + Date.now()) / 2) - startMs, state });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async function screenState(): Promise<TrueState> {
    const { stdout } = await run("tmux", ["-S", socket, "capture-pane", "-p"]).catch(() => ({ stdout: "" }));
    const screen = stdout.replace(/\s+$/, "");
    shown = screen;
    const end = screen
      .split("\n")
      .slice(-(agent.screen.lines ?? 16))
      .join("\n");
    if (agent.screen.dialog.test(end)) return "blocked";
    if (agent.screen.running.test(end) || SPINNER.test(end)) return "active";
    if (existsSync(`/proc/${pid}`)) return screen === "" ? (looks.at(-1)?.state ?? "not_started") : "idle";
    return "exited";
  }

  return {
    looks: () => looks,
    state: () => looks.at(-1)?.state ?? "not_started",
    screen: () => shown,
    async close(ms) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      stop.abort();
      await watching;
    },
  };
}
