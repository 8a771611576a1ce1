import type { TraceLine } from "../support/trace-file.ts";

/** What a terminal showed from an instant on. */
export interface Screen {
  ts_ns: number;
  text: string;
}

/**
 * Screens as lines of a recording, oldest first. Each says what is new: the first `head` and the last `tail` characters
 * of the one before stay, `text` stands between them.
 */
export function screenLines(screens: readonly Screen[]): TraceLine[] {
  return screens.map(({ ts_ns, text }, index) => {
    const before = screens[index - 1]?.text ?? "";
    const head = sharedHead(before, text);
    const tail = sharedTail(before.slice(head), text.slice(head));
    const fresh = text.slice(head, text.length - tail);
    const payload = { ...(head > 0 && { head }), ...(tail > 0 && { tail }), text: fresh };
    return { event: "_screen", ts_ns, payload };
  });
}

/** Reads the screens of a recording, oldest first. */
export function screensOf(lines: readonly TraceLine[]): Screen[] {
  let shown = "";
  return lines
    .filter(({ event }) => event === "_screen")
    .map(({ ts_ns, payload }) => {
      const { head = 0, tail = 0, text } = payload as { head?: number; tail?: number; text: string };
      shown = `${shown.slice(0, head)}${text}${tail > 0 ? shown.slice(-tail) : ""}`;
      return { ts_ns, text: shown };
    });
}

function sharedHead(a: string, b: string): number {
  const longest = Math.min(a.length, b.length);
  for (let at = 0; at < longest; at += 1) if (a[at] !== b[at]) return at;
  return longest;
}

function sharedTail(a: string, b: string): number {
  const longest = Math.min(a.length, b.length);
  for (let at = 0; at < longest; at += 1) if (a.at(-1 - at) !== b.at(-1 - at)) return at;
  return longest;
}
