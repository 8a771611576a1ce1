import { shownLines } from "../../core/text/shown-lines.ts";
import type { ScreenExplanation } from "../client-types.ts";
import type { Palette } from "./palette.ts";

/** A screen as it is read, for programs. */
export function screenJson({ reading, busy, composer, rows }: ScreenExplanation) {
  return {
    kind: reading.kind,
    gate: reading.kind === "gate" ? reading.gate : null,
    denial: reading.kind === "dialog" && reading.denial === true,
    busy,
    composer: composer ?? null,
    rows: rows.map((row) => ({ ...row, missing: [...row.missing] })),
  };
}

/** What a screen is taken for, and what each row says of it. */
export function screenRowLines(explanation: ScreenExplanation, palette: Palette): string[] {
  const { rows } = explanation;
  const width = Math.max(0, ...rows.map(({ field }) => field.length));
  return [
    `reads as ${palette.bold(kindWords(explanation))}`,
    ...rows.map((row) => {
      const said = row.matches ? palette.green("yes") : palette.yellow("no ");
      return `  ${row.field.padEnd(width)}  ${said}  ${rowWords(row, explanation)}`.trimEnd();
    }),
    ...(rows.length === 0 ? ["  its file has no row of `screen`"] : []),
  ];
}

/** As many of the last lines as the rows meet, each with the number that `lines` counts it by. */
export function countedLines(screen: string, { rows }: ScreenExplanation): string[] {
  const met = shownLines(screen).slice(-Math.max(3, ...rows.map(({ lines }) => lines)));
  return met.map((line, index) => `${String(met.length - index).padStart(3)} | ${line.trimEnd()}`);
}

function kindWords({ reading, busy }: ScreenExplanation): string {
  switch (reading.kind) {
    case "gate":
      return `the dialog before its first word that is called "${reading.gate}"`;
    case "dialog":
      return reading.denial ? "a dialog that asks back about a denial" : "an open dialog";
    case "ready":
      return "the empty composer";
    case "unknown":
      return busy ? "a running turn" : "nothing that ao knows";
  }
}

type Row = ScreenExplanation["rows"][number];

function rowWords({ field, matches, lines, missing }: Row, { busy, composer }: ScreenExplanation): string {
  const where = lines === 0 ? "the whole screen" : lines === 1 ? "the last line" : `the last ${lines} lines`;
  if (!matches)
    return `${where} ${lines > 1 ? "have" : "has"} no ${missing.map((one) => `/${one}/`).join(", no ")}`;
  if (lines === 0) return composer === "" ? "it is empty" : `it holds ${JSON.stringify(composer)}`;
  return busy && field.startsWith("screen.ready") ? "but a running turn is seen" : "";
}
