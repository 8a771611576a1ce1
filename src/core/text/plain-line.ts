import { graphemes, truncate } from "./width.ts";

const ESC = "\u001b";
const BEL = "\u0007";
/** CSI, OSC and other string sequences, then two-character ones; 8-bit introducers too. */
const TERMINAL_SEQUENCE = new RegExp(
  [
    `(?:${ESC}\\[|\u009b)[0-?]*[ -/]*[@-~]`,
    `(?:${ESC}[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^${BEL}${ESC}\u009c]*(?:${BEL}|${ESC}\\\\|\u009c)?`,
    `${ESC}[ -/]*[0-~]`,
  ].join("|"),
  "g",
);
/** Turns the reading direction, or takes no place: what could make a line look like another one. */
const UNSEEN =
  /\u034f|[\u180b-\u180f]|[\p{Bidi_Control}\u00ad\u115f\u1160\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
/** Joiners are part of words and emoji; alone or in a row they hide something. */
const LONE_JOINERS =
  /(?<![\p{L}\p{M}\p{Emoji}])[\u200c\u200d]+|[\u200c\u200d]{2,}|[\u200c\u200d]+(?![\p{L}\p{M}\p{Emoji}])/gu;
/** The longest family emoji has ten code points; letters with more marks than that paint over other lines. */
const MAX_GRAPHEME = 12;
/** Beyond this no line is looked at: 500 characters is the most ao keeps. */
const MAX_INPUT = 8192;

/**
 * One line of harmless text of at most `width` columns, "…" at its end where it was cut.
 *
 * Terminal sequences, control characters, characters that turn the reading direction and ones without a place are
 * taken out; line breaks and runs of blanks become one blank.
 */
export function plainLine(text: string, width: number): string {
  const plain = text
    .slice(0, MAX_INPUT)
    .toWellFormed()
    .replace(TERMINAL_SEQUENCE, "")
    .replace(UNSEEN, "")
    .replace(LONE_JOINERS, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return truncate(withoutTowers(plain), width);
}

function withoutTowers(text: string): string {
  if (!/[\p{Mn}\p{Me}\u200d]{3}|\u200d/u.test(text)) return text;
  let calm = "";
  for (const { segment } of graphemes(text)) calm += [...segment].slice(0, MAX_GRAPHEME).join("");
  return calm;
}
