import type { Palette } from "./palette.ts";

/** One line of the doctor's report. */
export interface CheckView {
  name: string;
  /** Undefined for a grade this version does not know. */
  level?: "ok" | "warning" | "error";
  detail: string;
  hint: string;
}

/** The doctor's report for people: a line per check, its hint below it. */
export function checkLines(checks: readonly CheckView[], palette: Palette): string[] {
  const width = Math.max(0, ...checks.map((check) => check.name.length));
  return checks.flatMap((check) => {
    const line = `${mark(check.level, palette)} ${palette.bold(check.name.padEnd(width))}  ${check.detail}`;
    return check.hint ? [line, `  ${" ".repeat(width)}  ${palette.cyan(check.hint)}`] : [line];
  });
}

function mark(level: CheckView["level"], palette: Palette): string {
  switch (level) {
    case "ok":
      return palette.green("✓");
    case "warning":
      return palette.yellow("!");
    case "error":
      return palette.red("✗");
    case undefined:
      return "?";
  }
}
