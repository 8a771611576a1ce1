import type { AoError } from "../core/errors.ts";
import type { Keystroke, TerminalLook } from "../core/ports/runtime.ts";
import { lastLines } from "./screen-text.ts";

/** One pane of a tmux server. */
export interface TmuxTerminal {
  pane: string;
  /** Runs a tmux command; its output, or undefined when server or pane are gone. */
  ask(args: readonly string[], input?: string): Promise<string | undefined>;
  gone(): AoError;
  silent(): AoError;
}

/** Options of the server in which it remembers its newest keystroke, and the newest one that must not go out. */
const TYPED = "@ao-typed";
const BARRED = "@ao-barred";
const CURSOR = "#{cursor_flag}.#{cursor_x}.#{cursor_y}";
const STATE = `#{pane_in_mode} ${CURSOR} #{session_attached} #{session_activity}`;
/** Ends scrolling: its mode takes keys for itself, and tmux 3.3a brackets no paste while it lasts (seen). */
export const leaveMode = (pane: string): string =>
  `if-shell -F -t ${pane} "#{pane_in_mode}" "send-keys -t ${pane} -X cancel"`;

/** Looks at text, cursor and people in one step of the server; undefined when the pane is gone. */
export async function look(terminal: TmuxTerminal, lines: number): Promise<TerminalLook | undefined> {
  const { pane } = terminal;
  const output = await terminal.ask([
    ...["display-message", "-p", "-t", pane, STATE, ";"],
    ...["capture-pane", "-p", "-t", pane, "-S", `-${lines}`],
  ]);
  if (output === undefined) return undefined;
  const end = output.indexOf("\n");
  const [mode, cursor = "", attached, activity] = output.slice(0, end).split(" ");
  return {
    text: lastLines(output.slice(end + 1), lines),
    cursor,
    scrolled: mode !== "0",
    ...(attached !== "0" && { personTime: Number(activity) * 1000 }),
  };
}

/**
 * Types in one step of the server, which remembers the token with it.
 *
 * The text goes into a buffer first; the paste takes it out again, so that nothing of a crash is left to be pasted.
 */
export async function typeOnce(terminal: TmuxTerminal, keystroke: Keystroke): Promise<"typed" | "moved"> {
  const { pane } = terminal;
  const { token, type, cursor } = keystroke;
  const buffer = `ao-${token}`;
  const isPaste = "paste" in type;
  if (isPaste && (await terminal.ask(["load-buffer", "-b", buffer, "-"], type.paste)) === undefined)
    throw terminal.gone();
  const keys = isPaste ? `paste-buffer -p -d -b ${buffer} -t ${pane}` : `send-keys -t ${pane} -- ${type.key}`;
  const outcome = await terminal.ask([
    ...["if-shell", "-F", "-t", pane, condition(token, cursor)],
    `${leaveMode(pane)} ; ${keys} ; set-option -g ${TYPED} ${token} ; display-message -p typed`,
    `${isPaste ? `delete-buffer -b ${buffer} ; ` : ""}display-message -p -t ${pane} "#{?pane_dead,dead,moved}"`,
  ]);
  const word = outcome?.trim();
  if (word === "typed" || word === "moved") return word;
  // A server that died while it was asked may have typed before.
  throw word === "dead" ? terminal.gone() : terminal.silent();
}

/** True for a pane that lives, a token that is not barred and, where one is given, a cursor that has not moved. */
function condition(token: string, cursor: string | undefined): string {
  const mayType = `#{&&:#{!=:#{pane_dead},1},#{!=:#{${BARRED}},${token}}}`;
  return cursor === undefined ? mayType : `#{&&:${mayType},#{==:${CURSOR},${cursor}}}`;
}

/** Reads what the server remembers; a keystroke it does not know is barred in the same step. */
export async function wasTyped(terminal: TmuxTerminal, token: string): Promise<boolean> {
  const answer = await terminal.ask([
    ...["if-shell", "-F", "-t", terminal.pane, `#{==:#{${TYPED}},${token}}`],
    "display-message -p yes",
    `set-option -g ${BARRED} ${token} ; display-message -p no`,
  ]);
  if (answer === undefined) throw terminal.gone();
  return answer.trim() === "yes";
}
