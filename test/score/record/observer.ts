import { existsSync } from "node:fs";
import { hearTerminal } from "../../../src/runtime/terminal-output.ts";
import { createHint } from "../../../src/util/hint.ts";
import type { Agent } from "../../agents/agent.ts";
import type { TrueState } from "../../support/trace-file.ts";
import type { Screen } from "../screen-lines.ts";
import type { Look } from "./label.ts";
import { withoutPlaces } from "./places.ts";
import { createScreenLog, lookAtTerminal } from "./terminal.ts";

/** Between two looks at the longest, and at the shortest: what is written to the terminal is looked at at once. */
const LOOK_MS = 40;
const HEARD_MS = 10;
/** Claude's line of a turn that runs, "✽ Baking… (2s"; its "esc to interrupt" is hidden while somebody types. */
const SPINNER = /^[·✢✳✶✻✽*] \p{L}+…(?: \(|\s*$)/mu;

/** Looks at an agent's terminal and process again and again, and at nothing that ao looks at. */
export interface Observer {
  looks(): readonly Look[];
  /** The state of the last look. */
  state(): TrueState;
  /** When the agent's own sign of a turn, or a dialog, was first seen; undefined while none was. */
  turnMs(): number | undefined;
  /** What was in view at the last look, without empty lines at its end. */
  view(): string;
  /** Everything the terminal showed, from when it was written, without the names of this machine's directories. */
  screens(): readonly Screen[];
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
  root: string;
}): Observer {
  const { agent, socket, pid, startMs, root } = given;
  const looks: Look[] = [];
  const stop = new AbortController();
  const screens = createScreenLog();
  const written = createHint();
  let heardTime: number | undefined;
  const unhear = hearTerminal(pid, () => {
    heardTime ??= Date.now();
    written.wake();
  });
  let view = "";
  let turnMs: number | undefined;
  const watching = watch();

  async function watch(): Promise<void> {
    while (!stop.signal.aborted) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
      if (heardTime === undefined) await written.wait(LOOK_MS - HEARD_MS, stop.signal);
    }
    unhear?.();
  }

  async function look(): Promise<void> {
    const before = Date.now();
    const heard = heardTime;
    heardTime = undefined;
    const seen = existsSync(`/proc/${pid}`) ? await lookAtTerminal(socket) : undefined;
    const at = Math.round((before + Date.now()) / 2);
    if (seen) screens.saw({ ts_ns: (heard ?? at) * 1e6, text: withoutPlaces(seen.text, root) });
    view = seen?.view ?? "";
    looks.push({ at_ms: at - startMs, state: stateOf(view) });
    const { running, dialog } = agent.screen;
    if ([running, dialog].some((sign) => sign.test(endOf(view)))) turnMs ??= at - startMs;
  }

  function stateOf(shown: string): TrueState {
    if (!existsSync(`/proc/${pid}`)) return "exited";
    const end = endOf(shown);
    if (agent.screen.dialog.test(end) || agent.screen.limit?.test(shown)) return "blocked";
    if (agent.screen.running.test(end) || SPINNER.test(end)) return "active";
    return shown === "" ? (looks.at(-1)?.state ?? "not_started") : "idle";
  }

  function endOf(shown: string): string {
    return shown
      .split("\n")
      .slice(-(agent.screen.lines ?? 16))
      .join("\n");
  }

  return {
    looks: () => looks,
    turnMs: () => turnMs,
    state: () => looks.at(-1)?.state ?? "not_started",
    view: () => view,
    screens: screens.screens,
    async close(ms) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      stop.abort();
      await watching;
    },
  };
}
