import { readFileSync, writeFileSync } from "node:fs";
import type { Verdict } from "../measurement.ts";
import { type Machine, machineLine } from "./machine.ts";
import { cells, HEADINGS } from "./numbers.ts";

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/** Puts the table between the markers of the README at `path`; throws when they are not there. */
export function writeReadme(path: string, run: { machine: Machine; verdicts: readonly Verdict[] }): void {
  writeFileSync(path, replaceNumbers(readFileSync(path, "utf8"), markdown(run)));
}

/** The text with `numbers` between its markers. */
export function replaceNumbers(text: string, numbers: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the README has no "${BEGIN}" before a "${END}"`);
  return `${text.slice(0, begin + BEGIN.length)}\n${numbers}${text.slice(end)}`;
}

/** The table in Markdown, with a line about the machine. */
export function markdown({ machine, verdicts }: { machine: Machine; verdicts: readonly Verdict[] }): string {
  const row = (texts: readonly string[]) =>
    `| ${texts.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    row(HEADINGS),
    row(HEADINGS.map(() => "---")),
    ...verdicts.map((verdict) => row(cells(verdict))),
    "",
    `${machineLine(machine)}.`,
    "",
  ].join("\n");
}
