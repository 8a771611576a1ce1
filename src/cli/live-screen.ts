/** A part of the terminal a program draws on again and again. */
export interface LiveScreen {
  /** Shows these lines and nothing else; what does not fit is cut at the bottom. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was; idempotent. */
  close(): void;
}

const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
// Terminals that know it (mode 2026) show the frame at once; the others ignore it.
const FRAME_START = "\x1b[?2026h\x1b[H";
const FRAME_END = "\x1b[J\x1b[?2026l";
const CTRL_C = "\u0003";

/**
 * Takes the terminal's alternate screen, hides the cursor and reads keys; the caller must close it on every way out.
 *
 * `onQuit` is called at q, Q, Esc or Ctrl-C, which arrives as a key in raw mode.
 */
export function openLiveScreen(terminal: {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  onQuit: () => void;
  onResize: () => void;
}): LiveScreen {
  const { stdin, stdout, onQuit, onResize } = terminal;
  const onKey = (data: Buffer) => {
    const key = data.toString("utf8");
    if (key === "q" || key === "Q" || key === "\x1b" || key.includes(CTRL_C)) onQuit();
  };
  stdout.write(ENTER);
  stdin.setRawMode(true);
  stdin.on("data", onKey);
  stdin.resume();
  stdout.on("resize", onResize);
  let open = true;
  return {
    draw(lines) {
      if (!open) return;
      const visible = lines.slice(0, Math.max(1, (stdout.rows || 24) - 1));
      // Erased before it is written: after a full line the cursor stands on its last column.
      stdout.write(FRAME_START + visible.map((line) => `\x1b[2K${line}\r\n`).join("") + FRAME_END);
    },
    close() {
      if (!open) return;
      open = false;
      stdout.off("resize", onResize);
      stdin.off("data", onKey);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write(LEAVE);
    },
  };
}
