import { stripVTControlCharacters } from "node:util";
import { displayWidth } from "../../core/text/width.ts";

export { displayWidth, truncate } from "../../core/text/width.ts";

// Control characters, line and paragraph separators, bidirectional overrides: an agent's words must not move the
// cursor, colour the rest of the screen or turn the line around.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
/** One line of printable text: escape sequences and control characters become a space, runs of blanks one blank. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(UNPRINTABLE, " ").replace(/\s+/gu, " ").trim();
}

/** Breaks one line of text between words into lines of at most `width` columns; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Fills `text` with blanks to `width` columns. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + blanks : blanks + text;
}
