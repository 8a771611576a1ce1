import { stripVTControlCharacters } from "node:util";

/** The last `lines` lines of a screen, without the blank ones at its end. */
export function lastLines(text: string, lines: number): string {
  return text
    .replace(/\s+$/, "")
    .split("\n")
    .slice(-lines)
    .map((line) => line.trimEnd())
    .join("\n");
}

/** What a terminal would show of a program's raw output: no escape sequences, a carriage return starts the line anew. */
export function plainText(output: string): string {
  return stripVTControlCharacters(output)
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1))
    .join("\n");
}
