import type { ScreenExplanation, ScreenRow } from "../core/ports/harnesses.ts";
import { missingIn, readComposer, readScreen, showsBusy } from "./screen.ts";
import type { ScreenPattern, ScreenSpec } from "./spec.ts";

/** Says how a screen is read, and what each row of the spec makes of it. */
export function explainScreen(spec: ScreenSpec, text: string): ScreenExplanation {
  const composer = readComposer(spec, text);
  return {
    reading: readScreen(spec, text),
    busy: showsBusy(spec, text),
    ...(composer !== undefined && { composer }),
    rows: [
      ...rowsOf("gates", spec.gates, text),
      ...rowsOf("dialog", spec.dialog, text),
      ...rowsOf("denial", spec.denial ?? [], text),
      ...rowsOf("busy", spec.busy, text),
      ...rowsOf("ready", spec.ready, text),
      ...composerRow(spec, composer),
    ],
  };
}

function rowsOf(part: string, patterns: readonly ScreenPattern[], text: string): ScreenRow[] {
  return patterns.map((pattern, index) => {
    const missing = missingIn(pattern, text);
    return {
      field: `screen.${part}[${index}]`,
      matches: missing.length === 0,
      lines: pattern.lines,
      missing,
    };
  });
}

function composerRow({ composer }: ScreenSpec, seen: string | undefined): ScreenRow[] {
  if (composer === undefined) return [];
  const matches = seen !== undefined;
  return [{ field: "screen.composer", matches, lines: 0, missing: matches ? [] : [composer] }];
}
