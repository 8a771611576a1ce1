import type { CliContext } from "./context.ts";
import { openLiveScreen } from "./live-screen.ts";
import { liveTableLines } from "./render/live-table.ts";
import type { SessionBoard } from "./session-board.ts";

/** The times in state tick in seconds. */
const REDRAW_MS = 1000;

/** Shows a board on the terminal until the reader quits or `signal` aborts; rejects when the watch fails. */
export async function showLiveTable(options: {
  board: SessionBoard;
  context: CliContext;
  process: NodeJS.Process;
  signal: AbortSignal;
  /** Line above the table. */
  title?: string;
  /** Lines before what to type next. */
  lead?: readonly string[];
}): Promise<void> {
  const { board, context, process, title = "ao watch", lead = [] } = options;
  const quit = new AbortController();
  const ended = AbortSignal.any([options.signal, quit.signal]);
  const draw = () =>
    screen.draw(
      liveTableLines({
        title,
        lead,
        program: context.program,
        sessions: board.sessions(),
        isCurrent: board.isCurrent(),
        now: Date.now(),
        width: context.width(),
        palette: context.palette,
      }),
    );
  const screen = openLiveScreen({
    stdin: process.stdin,
    stdout: process.stdout,
    onQuit: () => quit.abort(),
    onResize: () => draw(),
  });
  const ticking = setInterval(draw, REDRAW_MS);
  try {
    draw();
    await board.run(draw, ended);
  } finally {
    clearInterval(ticking);
    screen.close();
  }
}
