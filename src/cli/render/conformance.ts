import { GRADE_MEANS, type Grade } from "../conformance/grade.ts";
import type { StepResult } from "../conformance/run-conformance.ts";
import type { StepVerdict } from "../conformance/steps.ts";
import type { Palette, Style } from "./palette.ts";
import { screenRowLines } from "./screen.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "STEP" },
  { title: "RESULT" },
  { title: "TIME" },
  { title: "SEEN", min: 20 },
];

const VERDICT_STYLES: Readonly<Record<StepVerdict, Style>> = {
  passed: "green",
  failed: "red",
  unsupported: "yellow",
  skipped: "dim",
};

/** The steps of a run and its grade, for people. */
export function conformanceLines(view: {
  results: readonly StepResult[];
  grade: Grade;
  width: number;
  palette: Palette;
}): string[] {
  const { results, grade, width, palette } = view;
  const rows = results.map(({ step, verdict, detail, durationMs }) => [
    { text: step, style: "bold" as const },
    { text: verdict, style: VERDICT_STYLES[verdict] },
    { text: durationMs === 0 ? "" : `${(durationMs / 1000).toFixed(1)} s`, style: "dim" as const },
    { text: detail },
  ]);
  // Why a step failed must not be cut off.
  const told = results.flatMap((result) => failureLines(result, palette));
  const table = renderTable({ columns: COLUMNS, rows, width, palette });
  return [
    ...table,
    "",
    ...told,
    ...(told.length > 0 ? [""] : []),
    `grade ${palette.bold(grade)}: ${GRADE_MEANS[grade]}`,
  ];
}

function failureLines({ step, verdict, detail, found }: StepResult, palette: Palette): string[] {
  if (verdict !== "failed") return [];
  return [
    `${palette.red(`${step}:`)} ${detail}`,
    ...(found?.advice ? [`  try: ${found.advice}`] : []),
    ...(found ? [`  its events: ${eventsOf(found)}`, "  its terminal:"] : []),
    ...(found?.screen.map((line) => palette.dim(`  | ${line}`)) ?? []),
    ...(found?.reading ? screenRowLines(found.reading, palette).map((line) => `  ${line}`) : []),
    ...(found?.log?.map((line) => `  the daemon's log: ${line}`) ?? []),
  ];
}

function eventsOf({ silent, events }: NonNullable<StepResult["found"]>): string {
  return silent ? "none has ever come" : events.join(", ") || "none";
}
