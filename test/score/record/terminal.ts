import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { lastLines } from "../../../src/runtime/screen-text.ts";
import type { Screen } from "../screen-lines.ts";

const run = promisify(execFile);
/** As many lines from the end as ao looks at. */
const LINES = 60;
/** An Enter that comes with the text is taken for a part of it. */
const PASTED_MS = 300;

/** What a terminal shows. */
export interface TerminalLook {
  /** What is in view, without empty lines at its end. */
  view: string;
  /** What ao would be given: its last lines, with those that have left the view. */
  text: string;
}

/** Looks at the only terminal of a tmux server; undefined when it is gone. */
export async function lookAtTerminal(socket: string): Promise<TerminalLook | undefined> {
  const capture = ["capture-pane", "-p", "-S", `-${LINES}`];
  const height = ["display-message", "-p", "#{pane_height}"];
  const asked = await run("tmux", ["-S", socket, ...capture, ";", ...height]).catch(noneWhenGone);
  if (!asked) return undefined;
  const lines = asked.stdout.trimEnd().split("\n");
  const view = lines.slice(0, -1).slice(-Number(lines.at(-1)));
  return { view: view.join("\n").replace(/\s+$/, ""), text: lastLines(lines.slice(0, -1).join("\n"), LINES) };
}

/** What a person at the only terminal of a tmux server does beside pressing keys. */
export function personAt(socket: string): {
  paste(line: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
} {
  const tmux = (...args: string[]) => run("tmux", ["-S", socket, ...args]);
  return {
    async paste(line) {
      // Tmux takes a semicolon at the end for the end of its command.
      await tmux("send-keys", "-l", "--", line.replace(/;$/, "\\;"));
      await sleep(PASTED_MS);
      await tmux("send-keys", "Enter");
    },
    async resize(columns, rows) {
      await tmux("resize-window", "-x", String(columns), "-y", String(rows));
    },
  };
}

/** Tmux ends with 1 where there is no server, or no terminal any more. */
function noneWhenGone(error: { code?: unknown }): undefined {
  if (error.code !== 1) throw error;
}

/** What moves while nothing happens: spinners, and figures that count. */
const MOVING = /[\u2800-\u28ff]+|[·✢✳✶✻✽*•◦∙●○◉◎⬝■]+|\ud83c[\udf11-\udf18]|\d+/gu;

/** Keeps what a terminal showed, in order, each time more than a spinner or a figure has changed. */
export function createScreenLog(): { saw(screen: Screen): void; screens(): readonly Screen[] } {
  const kept: Screen[] = [];
  let last: string | undefined;
  return {
    saw(screen) {
      const still = screen.text.replace(MOVING, "0");
      if (still === last) return;
      last = still;
      // What was written while the look before went on may have been in it.
      kept.push({ ...screen, ts_ns: Math.max(screen.ts_ns, kept.at(-1)?.ts_ns ?? 0) });
    },
    screens: () => kept,
  };
}
